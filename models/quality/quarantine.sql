with

quarantine as (
    select * from {{ ref('stg_ledger__quarantine') }}
),

reasons as (
    select
        delivery_id,
        source,
        row_number,
        unnest(reasons) as reason
    from quarantine
)

select
    reasons.delivery_id,
    reasons.source,
    coalesce(reasons.reason.column_name, '(row)') as column_label,
    reasons.reason.check_name,
    count(*) as rows_set_aside,
    list(reasons.row_number order by reasons.row_number) as row_numbers
from reasons
group by all
