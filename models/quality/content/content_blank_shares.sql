-- A field may stay under its contract's threshold and yet be blank far more often than its supplier's other
-- files had it. The gate judges a file alone; here it is held beside the others.
with

profiles as (
    select * from {{ ref('stg_ledger__column_profile') }}
    where is_delivered and rows_applicable > 0
),

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
    where verdict <> 'rejected'
),

shares as (
    select
        profiles.source,
        profiles.delivery_id,
        deliveries.period_end,
        profiles.label as category,
        profiles.rows_applicable as rows_tested,
        profiles.rows_blank as rows_failing,
        100.0 * profiles.rows_blank / profiles.rows_applicable as share_pct,
        median(100.0 * profiles.rows_blank / profiles.rows_applicable) over files_of_publisher as usual_pct,
        count(*) over files_of_publisher as files
    from profiles
    inner join deliveries on profiles.delivery_id = deliveries.delivery_id
    window
        files_of_publisher as (
            partition by profiles.source, coalesce(deliveries.publisher, ''), profiles.column_name
        )
)

-- Three standard errors of the usual share are left to chance; one blank in a hundred is taken where it is
-- nil.
select
    source,
    delivery_id,
    period_end,
    category,
    rows_tested,
    rows_failing,
    round(share_pct, 1) as share_pct,
    round(usual_pct, 1) as usual_pct,
    round(
        share_pct - usual_pct
        - 3 * sqrt(greatest(usual_pct, 1) * (100 - least(usual_pct, 99)) / rows_tested),
        1
    ) as excess_pct
from shares
where files >= 5
