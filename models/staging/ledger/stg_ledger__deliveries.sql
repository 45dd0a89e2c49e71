with

ledger as (
    select * from {{ source('ledger', 'deliveries') }}
),

withdrawals as (
    select * from {{ source('ledger', 'withdrawals') }}
),

retirements as (
    select * from {{ source('ledger', 'retirements') }}
),

-- A delivery that was taken back, or whose retention passed, stays in the ledger, and counts for nothing.
standing as (
    select ledger.*
    from ledger
    anti join withdrawals on ledger.delivery_id = withdrawals.delivery_id
    anti join retirements on ledger.delivery_id = retirements.delivery_id
)

select * from standing
