-- A recent crime has no outcome yet. Where that is so of more than a fifth, rates of positive outcomes of the
-- period say how old the crimes are, not how they ended.
with

crimes as (
    select * from {{ ref('stg_mps_cris__crimes') }}
),

published as (
    select * from {{ ref('stg_home_office__outcomes') }}
),

outcomes as (
    select * from {{ ref('home_office_outcomes') }}
),

crimes_by_month as (
    select
        'cris_crime' as source,
        crimes.delivery_id,
        cast(last_day(crimes.recorded_at) as date) as period_end,
        'recorded crimes' as category,
        count(*) as rows_tested,
        count(*) filter (not outcomes.is_assigned) as rows_failing
    from crimes
    inner join outcomes on crimes.ho_outcome_code = outcomes.outcome_code
    group by all
),

-- The quarters of a financial year begin in April.
outcomes_by_quarter as (
    select
        'ho_outcomes' as source,
        published.delivery_id,
        last_day(
            make_date(cast(left(published.financial_year, 4) as integer), 1, 1)
            + to_months(cast(3 * published.financial_quarter + 2 as integer))
        ) as period_end,
        published.force_name as category,
        sum(published.outcomes_for_offences) as rows_tested,
        coalesce(sum(published.outcomes_for_offences) filter (not outcomes.is_assigned), 0) as rows_failing
    from published
    inner join outcomes on published.outcome_code = outcomes.outcome_code
    group by all
),

periods as (
    select * from crimes_by_month
    union all
    select * from outcomes_by_quarter
)

select
    source,
    delivery_id,
    period_end,
    category,
    cast(rows_tested as bigint) as rows_tested,
    cast(rows_failing as bigint) as rows_failing,
    round(100.0 * rows_failing / nullif(rows_tested, 0), 1) as share_pct
from periods
