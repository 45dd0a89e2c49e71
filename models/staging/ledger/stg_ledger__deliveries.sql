with

ledger as (
    select * from {{ source('ledger', 'deliveries') }}
),

withdrawals as (
    select * from {{ source('ledger', 'withdrawals') }}
),

-- A wrong delivery that was taken back stays in the ledger, and counts for nothing.
standing as (
    select ledger.*
    from ledger
    anti join withdrawals on ledger.delivery_id = withdrawals.delivery_id
)

select * from standing
