with

ledger as (
    select * from {{ source('ledger', 'month_profile') }}
)

select * from ledger
