-- The unbroken runs of days that the deliveries of a source and publisher cover. The period of a delivery is
-- that of its rows: of a supplier with few cases, months without any are a gap only when a whole delivery's
-- worth is missing.
with

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
    where verdict <> 'rejected' and not is_partial and period_start is not null
),

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

periods as (
    select
        deliveries.source,
        coalesce(deliveries.publisher, '') as publisher,
        deliveries.period_start,
        deliveries.period_end,
        greatest(contracts.cadence_months, 1) as months_that_break,
        max(deliveries.period_end) over (
            partition by deliveries.source, coalesce(deliveries.publisher, '')
            order by deliveries.period_start, deliveries.delivery_id
            rows between unbounded preceding and 1 preceding
        ) as covered_before
    from deliveries
    inner join contracts on deliveries.source = contracts.source
),

runs as (
    select
        *,
        count(*) filter (
            covered_before is null
            or date_diff('month', covered_before + to_days(1), period_start) >= months_that_break
        ) over (
            partition by source, publisher
            order by period_start, period_end
        ) as run
    from periods
)

select
    source,
    publisher,
    min(period_start) as covered_from,
    max(period_end) as covered_to
from runs
group by source, publisher, run
