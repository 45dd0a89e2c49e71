with

ledger as (
    select * from {{ source('ledger', 'published_observations') }}
)

select * from ledger
