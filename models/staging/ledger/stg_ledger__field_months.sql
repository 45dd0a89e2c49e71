with

ledger as (
    select * from {{ source('ledger', 'field_months') }}
)

select * from ledger
