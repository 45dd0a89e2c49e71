-- One row per period that measures are given for, with the period it is compared with: a year earlier.
with

months as (
    select distinct month_start
    from {{ ref('dim_date') }}
),

-- The review year and the two before it.
review_years as (
    select
        'review_year' as period_type,
        cast(range as date) as period_start,
        cast(range + interval 1 year - interval 1 day as date) as period_end
    from range(
        date '{{ var("review_year_start") }}' - interval 2 year,
        date '{{ var("review_year_start") }}' + interval 1 day,
        interval 1 year
    )
),

calendar_months as (
    select
        'calendar_month' as period_type,
        month_start as period_start,
        last_day(month_start) as period_end
    from months
),

-- Any twelve months, named by their last: measures pick the latest that their source covers.
rolling_years as (
    select
        'rolling_12_months' as period_type,
        cast(month_start - interval 11 month as date) as period_start,
        last_day(month_start) as period_end
    from months
    where month_start >= date '2009-01-01'
),

-- Years of other publishers: financial from April, academic from September, calendar from January.
year_kinds as (
    select
        unnest(['financial_year', 'academic_year', 'calendar_year']) as period_type,
        unnest([4, 9, 1]) as first_month
),

quarters as (
    select
        'quarter' as period_type,
        month_start as period_start,
        last_day(cast(month_start + interval 2 month as date)) as period_end
    from months
    where
        month(month_start) in (1, 4, 7, 10)
        and month_start between date '{{ var("review_year_start") }}' - interval 2 year
        and date '{{ var("review_year_start") }}' + interval 9 month
),

-- Those that overlap the review year or one of the two before it.
other_years as (
    select
        year_kinds.period_type,
        months.month_start as period_start,
        last_day(cast(months.month_start + interval 11 month as date)) as period_end
    from year_kinds
    inner join months on month(months.month_start) = year_kinds.first_month
    where
        months.month_start < date '{{ var("review_year_start") }}' + interval 1 year
        and months.month_start + interval 1 year > date '{{ var("review_year_start") }}' - interval 2 year
),

periods as (
    select * from review_years
    union all
    select * from other_years
    union all
    select * from quarters
    union all
    select * from calendar_months
    union all
    select * from rolling_years
)

select
    period_type || ':' || strftime(period_start, '%Y-%m') as period_key,
    period_type,
    period_start,
    period_end,
    cast(period_start - interval 1 year as date) as previous_start,
    last_day(cast(period_end - interval 1 year as date)) as previous_end,
    cast(date_diff('month', period_start, period_end) + 1 as integer) as months,
    cast(date_diff('day', period_start, period_end) + 1 as integer) as days,
    period_type = 'review_year' and period_start = date '{{ var("review_year_start") }}' as is_review_year
from periods
