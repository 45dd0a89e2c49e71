with

ledger as (
    select * from {{ source('ledger', 'deliveries') }}
)

select * from ledger
