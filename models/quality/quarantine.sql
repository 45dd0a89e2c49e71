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
    delivery_id,
    source,
    coalesce(reason.column_name, '(row)') as column_label,
    reason.check_name,
    count(*) as rows_set_aside,
    list(row_number order by row_number) as row_numbers
from reasons
group by all
