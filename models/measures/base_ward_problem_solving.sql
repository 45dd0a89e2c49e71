-- What the neighbourhood co-ordinators tried to solve in each ward and review year; none has no row.
with

activities as (
    select * from {{ ref('fct_neighbourhood_activities') }}
    where is_problem_solving and ward_code is not null
),

review_years as (
    select
        period_start,
        period_end
    from {{ ref('dim_period') }}
    where period_type = 'review_year'
),

years as (
    select
        review_years.period_start,
        review_years.period_end,
        count(*) as months_covered
    from review_years
    inner join {{ ref('bridge_covered_months') }} as covered
        on
            covered.source = 'neighbourhood_activity'
            and covered.month between review_years.period_start and review_years.period_end
    group by review_years.period_start, review_years.period_end
),

counted as (
    select
        years.period_start,
        years.period_end,
        years.months_covered,
        activities.ward_code,
        activities.issue_code,
        any_value(activities.issue_name) as issue_name,
        count(*) as tasks,
        any_value(activities.source_id) as source_ids,
        max(activities.data_origin) as data_origin,
        max(activities.as_at_date) as as_at_date
    from activities
    inner join years on activities.activity_date between years.period_start and years.period_end
    group by all
)

select
    'problem_solving' as aspect,
    period_start,
    period_end,
    ward_code,
    issue_code as item_code,
    issue_name as item_name,
    'tasks' as base,
    cast(tasks as double) as amount,
    cast(sum(tasks) over (partition by period_start, ward_code) as double) as total,
    cast(0 as bigint) as unknown_count,
    cast(null as double) as ci_lower,
    cast(null as double) as ci_upper,
    cast(100.0 * months_covered / 12 as double) as coverage_pct,
    case when months_covered < 12 then 'partial_period' else 'ok' end as status,
    case when months_covered < 12 then months_covered || ' of 12 months were delivered.' end as status_reason,
    'problem_solving_task' as definition_id,
    source_ids,
    data_origin,
    as_at_date
from counted
