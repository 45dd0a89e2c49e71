with

ledger as (
    select * from {{ source('ledger', 'findings') }}
)

select * from ledger
