with

ledger as (
    select * from {{ source('ledger', 'person_key_events') }}
)

select * from ledger
