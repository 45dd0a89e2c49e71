-- Rows read are rows loaded and rows in quarantine, malformed lines too, or erased from it. Of a rejected
-- delivery nothing is loaded or set aside, nor is anything left of a withdrawn one: neither has a profile.
with

deliveries as (
    select * from {{ ref('deliveries') }}
),

profiles as (
    select * from {{ ref('stg_ledger__column_profile') }}
),

quarantine as (
    select * from {{ ref('quarantine') }}
),

erasures as (
    select
        delivery_id,
        sum(quarantined_erased) as rows_erased
    from {{ ref('stg_ledger__erasures') }}
    group by delivery_id
),

rows_aside as (
    select
        quarantine.delivery_id,
        unnest(quarantine.row_numbers) as row_number
    from quarantine
),

counts_aside as (
    select
        delivery_id,
        count(distinct row_number) as rows_aside
    from rows_aside
    group by delivery_id
)

select
    deliveries.delivery_id,
    deliveries.rows_read,
    deliveries.rows_accepted,
    coalesce(counts_aside.rows_aside, 0) as rows_aside
from deliveries
left join counts_aside on deliveries.delivery_id = counts_aside.delivery_id
left join erasures on deliveries.delivery_id = erasures.delivery_id
semi join profiles on deliveries.delivery_id = profiles.delivery_id
where
    deliveries.rows_read
    <> deliveries.rows_accepted + coalesce(counts_aside.rows_aside, 0) + coalesce(erasures.rows_erased, 0)
