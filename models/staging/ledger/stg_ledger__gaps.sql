with

ledger as (
    select * from {{ source('ledger', 'gaps') }}
)

select * from ledger
