with

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
)

select
    delivery_id,
    source,
    publisher,
    published_on,
    data_origin,
    labels,
    is_partial,
    landed_at
from deliveries
where verdict <> 'rejected'
