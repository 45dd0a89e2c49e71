with

ledger as (
    select * from {{ source('ledger', 'home') }}
)

select * from ledger
