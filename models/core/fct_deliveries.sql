with

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
)

select
    delivery_id,
    source,
    supplier,
    publisher,
    file_name,
    format,
    content_sha256,
    rows_read,
    rows_delivered,
    rows_accepted,
    rows_quarantined,
    period_start,
    period_end,
    published_on,
    published_on_basis,
    is_partial,
    data_origin,
    verdict,
    landed_at,
    published_on as as_at_date
from deliveries
