with

ledger as (
    select * from {{ source('ledger', 'quarantine') }}
),

-- The rows themselves stay where they are: only their numbers and the reasons go on.
reasons as (
    select
        delivery_id,
        source,
        row_number,
        reasons
    from ledger
)

select * from reasons
