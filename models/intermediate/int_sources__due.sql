-- `swp status --due` runs this model over the vault alone, between landing and the next build (swp.models):
-- it reads contracts, the ledger and staging, and nothing that a build must have made.
with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

ledger as (
    select * from {{ ref('stg_ledger__deliveries') }}
),

month_profiles as (
    select * from {{ ref('stg_ledger__month_profile') }}
),

series as (
    select * from {{ ref('int_series__latest') }}
),

deliveries as (
    select * from ledger
    where verdict <> 'rejected'
),

asked_months as (
    select
        contracts.source,
        unnest(
            generate_series(
                date '{{ var("review_year_start") }}' + to_months(12 - contracts.asked_months),
                date '{{ var("review_year_start") }}' + to_months(11),
                to_months(1)
            )
        ) as month
    from contracts
    -- A survey or snapshot has no rows in most months, and need not.
    where contracts.asked_months > 0 and contracts.is_continuous
),

publisher_months as (
    select
        month_profiles.source,
        month_profiles.publisher,
        month_profiles.month,
        bool_and(month_profiles.is_cut_short) as is_cut_short
    from month_profiles
    inner join deliveries on month_profiles.delivery_id = deliveries.delivery_id
    group by month_profiles.source, month_profiles.publisher, month_profiles.month
),

-- A whole month of one force does not make up for half a month of another.
months_received as (
    select
        source,
        month,
        bool_or(is_cut_short) as is_cut_short
    from publisher_months
    group by source, month
),

months_by_source as (
    select
        asked_months.source,
        count(*) as months_asked,
        count(*) filter (months_received.month is null) as months_missing,
        count(*) filter (months_received.is_cut_short) as months_cut_short,
        string_agg(strftime(asked_months.month, '%Y-%m'), ', ' order by asked_months.month) filter (
            months_received.month is null
        ) as missing_months,
        string_agg(strftime(asked_months.month, '%Y-%m'), ', ' order by asked_months.month) filter (
            months_received.is_cut_short
        ) as cut_short_months
    from asked_months
    left join months_received
        on asked_months.source = months_received.source and asked_months.month = months_received.month
    group by asked_months.source
),

deliveries_by_source as (
    select
        source,
        max(period_end) as last_period_end,
        max((landed_at, delivery_id)) as last_landed
    from deliveries
    group by source
),

publishers_by_source as (
    select
        source,
        count(distinct publisher) as publishers
    from publisher_months
    group by source
),

-- Series are named where a source publishes several, each with years of its own; else the source is one.
series_by_source as (
    select
        deliveries_by_source.source,
        count(*) as series,
        count(*) filter (
            coalesce(series.latest_period_end, deliveries_by_source.last_period_end)
            < date '{{ var("review_year_start") }}'
        ) as old_series,
        min(coalesce(series.latest_period_end, deliveries_by_source.last_period_end)) as oldest_period_end
    from deliveries_by_source
    left join series on deliveries_by_source.source = series.source
    group by deliveries_by_source.source
),

-- A file that was rejected and not made good by a later one.
rejections_by_source as (
    select
        ledger.source,
        max(ledger.delivery_id) as rejected_delivery_id
    from ledger
    left join deliveries_by_source on ledger.source = deliveries_by_source.source
    where
        ledger.verdict = 'rejected'
        and (
            deliveries_by_source.last_landed is null
            or (ledger.landed_at, ledger.delivery_id) > deliveries_by_source.last_landed
        )
    group by ledger.source
),

gathered as (
    select
        contracts.*,
        deliveries_by_source.source is not null as is_delivered,
        deliveries_by_source.last_period_end,
        months_by_source.* exclude (source), -- noqa: RF02
        publishers_by_source.publishers,
        series_by_source.* exclude (source), -- noqa: RF02
        rejections_by_source.rejected_delivery_id,
        case
            when contracts.cadence_months > 0
                then deliveries_by_source.last_period_end + to_months(contracts.cadence_months)
        end as next_period_end
    from contracts
    left join deliveries_by_source on contracts.source = deliveries_by_source.source
    left join months_by_source on contracts.source = months_by_source.source
    left join publishers_by_source on contracts.source = publishers_by_source.source
    left join series_by_source on contracts.source = series_by_source.source
    left join rejections_by_source on contracts.source = rejections_by_source.source
),

dated as (
    select
        *,
        next_period_end + to_days(due_days) as next_due_on,
        coalesce(next_period_end <= {{ as_of_date() }}, false) as is_due
    from gathered
),

judged as (
    select
        *,
        -- From worst to least.
        case
            when not is_delivered then 'missing'
            when months_missing > 0 then 'months_missing'
            when months_cut_short > 0 then 'months_cut_short'
            when next_due_on < {{ as_of_date() }} then 'overdue'
            when publishers < publishers_expected then 'publishers_missing'
            when asked_months > 0 and old_series > 0 then 'old'
            else 'received'
        end as state
    from dated
),

told as (
    select
        source,
        supplier,
        cadence,
        last_period_end,
        try_cast(next_due_on as date) as next_due_on,
        is_due,
        rejected_delivery_id,
        state,
        case state
            when 'publishers_missing' then publishers_expected
            when 'old' then series
            else coalesce(months_asked, 1)
        end as rows_tested,
        case state
            when 'missing' then coalesce(months_missing, 1)
            when 'publishers_missing' then publishers_expected - publishers
            when 'old' then old_series
            else coalesce(months_missing + months_cut_short, 0)
        end as rows_failing,
        case state
            when 'missing' then 'nothing was delivered'
            when 'months_missing'
                then 'missing ' || months_missing || ' of ' || months_asked || ' months: ' || missing_months
            when 'months_cut_short' then 'cut short: ' || cut_short_months
            when 'overdue'
                then 'nothing since the period that ended on ' || strftime(last_period_end, '%d %B %Y')
            when 'publishers_missing'
                then publishers || ' of some ' || publishers_expected || ' publishers sent anything'
            when 'old'
                then
                    'nothing of the review year in ' || old_series || ' of ' || series
                    || ' series; the oldest ends on ' || strftime(oldest_period_end, '%d %B %Y')
        end as finding
    from judged
)

select * from told
