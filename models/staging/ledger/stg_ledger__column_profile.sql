with

ledger as (
    select * from {{ source('ledger', 'column_profile') }}
)

select * from ledger
