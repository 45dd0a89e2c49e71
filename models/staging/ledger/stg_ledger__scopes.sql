with

ledger as (
    select * from {{ source('ledger', 'scopes') }}
)

select * from ledger
