-- One row per delivery and field, or source and period, that the contracts ask for: what was received, and
-- where the gap register stands. The leaf views of delivery tests and the gap register are both cut from it.
with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

requirements as (
    select * from {{ ref('int_contracts__requirements') }}
),

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
    where verdict <> 'rejected'
),

profiles as (
    select * from {{ ref('stg_ledger__column_profile') }}
),

month_profiles as (
    select * from {{ ref('stg_ledger__month_profile') }}
),

gaps as (
    select * from {{ ref('stg_ledger__gaps') }}
),

series as (
    select * from {{ ref('int_series__latest') }}
),

-- A delivery of the same publisher and period that came later takes the place of the earlier one.
current_deliveries as (
    select *
    from deliveries
    qualify
        row_number() over (
            partition by
                source,
                coalesce(publisher, ''),
                coalesce(strftime(period_start, '%Y-%m-%d'), delivery_id),
                coalesce(strftime(period_end, '%Y-%m-%d'), '')
            order by published_on desc, delivery_id desc
        ) = 1
),

fields as (
    select
        requirements.*,
        current_deliveries.delivery_id,
        current_deliveries.file_name,
        current_deliveries.landed_at,
        current_deliveries.period_start,
        current_deliveries.period_end,
        profiles.rows_applicable as rows_tested,
        case
            when coalesce(profiles.is_delivered, false) then profiles.rows_blank
            else profiles.rows_applicable
        end as rows_failing,
        case
            when not coalesce(profiles.is_delivered, false) then 'absent'
            -- A row with a blank key is set aside: that is a fault of the row, not a gap of the field.
            when profiles.rows_applicable = 0 or requirements.need = 'key' then 'received'
            when 100.0 * profiles.rows_blank / profiles.rows_applicable > profiles.max_blank_pct then 'blank'
            else 'received'
        end as state,
        case
            when not coalesce(profiles.is_delivered, false) then 'the column is not in the file'
            when profiles.rows_applicable > 0
                then
                    round(100.0 * profiles.rows_blank / profiles.rows_applicable, 1) || '% blank, up to '
                    || profiles.max_blank_pct || '% accepted'
        end as finding
    from current_deliveries
    inner join requirements on current_deliveries.source = requirements.source and requirements.kind = 'field'
    left join profiles
        on current_deliveries.delivery_id = profiles.delivery_id and requirements.field = profiles.column_name
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
        count(*) as deliveries,
        max(period_end) as last_period_end
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

-- The source as a whole: nothing delivered, months missing or cut short, the next delivery overdue,
-- publishers silent, or nothing of the review year.
states_by_source as (
    select
        contracts.source,
        contracts.publishers_expected,
        deliveries_by_source.last_period_end,
        months_by_source.* exclude (source), -- noqa: RF02
        publishers_by_source.publishers,
        series_by_source.* exclude (source), -- noqa: RF02
        case
            when deliveries_by_source.source is null then 'missing'
            when months_by_source.months_missing > 0 then 'months_missing'
            when months_by_source.months_cut_short > 0 then 'months_cut_short'
            when
                contracts.cadence_months > 0
                and deliveries_by_source.last_period_end + to_months(contracts.cadence_months)
                + to_days(contracts.due_days) < {{ as_of_date() }}
                then 'overdue'
            when publishers_by_source.publishers < contracts.publishers_expected then 'publishers_missing'
            when contracts.asked_months > 0 and series_by_source.old_series > 0 then 'old'
            else 'received'
        end as state
    from contracts
    left join deliveries_by_source on contracts.source = deliveries_by_source.source
    left join months_by_source on contracts.source = months_by_source.source
    left join publishers_by_source on contracts.source = publishers_by_source.source
    left join series_by_source on contracts.source = series_by_source.source
),

periods as (
    select
        requirements.*,
        states_by_source.last_period_end as period_end,
        states_by_source.state,
        case states_by_source.state
            when 'publishers_missing' then states_by_source.publishers_expected
            when 'old' then states_by_source.series
            else coalesce(states_by_source.months_asked, 1)
        end as rows_tested,
        case states_by_source.state
            when 'missing' then coalesce(states_by_source.months_missing, 1)
            when 'publishers_missing' then states_by_source.publishers_expected - states_by_source.publishers
            when 'old' then states_by_source.old_series
            else coalesce(states_by_source.months_missing + states_by_source.months_cut_short, 0)
        end as rows_failing,
        case states_by_source.state
            when 'missing' then 'nothing was delivered'
            when 'months_missing'
                then
                    states_by_source.months_missing || ' of ' || states_by_source.months_asked
                    || ' months are missing: ' || states_by_source.missing_months
            when 'months_cut_short' then 'cut short: ' || states_by_source.cut_short_months
            when 'overdue'
                then
                    'nothing since the period that ended on '
                    || strftime(states_by_source.last_period_end, '%d %B %Y')
            when 'publishers_missing'
                then
                    states_by_source.publishers || ' of some ' || states_by_source.publishers_expected
                    || ' publishers sent anything'
            when 'old'
                then
                    'nothing of the review year in ' || states_by_source.old_series || ' of '
                    || states_by_source.series || ' series; the oldest ends on '
                    || strftime(states_by_source.oldest_period_end, '%d %B %Y')
        end as finding
    from requirements
    inner join states_by_source on requirements.source = states_by_source.source
    where requirements.kind = 'period'
),

received as (
    select * from fields
    union all by name
    select * from periods
)

select
    received.source,
    contracts.source_id,
    contracts.supplier,
    contracts.origin,
    received.delivery_id,
    received.file_name,
    received.landed_at,
    received.period_start,
    received.period_end,
    received.kind,
    received.field,
    received.label,
    received.need,
    received.state,
    received.finding,
    received.rows_tested,
    received.rows_failing,
    received.recommendations,
    received.ask,
    gaps.gap_id,
    gaps.owner as gap_owner,
    gaps.reason as gap_reason,
    gaps.asked_on,
    gaps.expires_on,
    case
        when received.state = 'received' then 'none'
        when gaps.gap_id is null then 'open'
        when gaps.expires_on < {{ as_of_date() }} then 'expired'
        else 'registered'
    end as gap_state,
    date_diff('day', gaps.asked_on, {{ as_of_date() }}) as gap_age_days
from received
inner join contracts on received.source = contracts.source
left join gaps on received.source = gaps.source and received.field = gaps.column_name
