with

ledger as (
    select * from {{ source('ledger', 'erasures') }}
)

select * from ledger
