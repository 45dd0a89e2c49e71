-- One row per period that measures are given for, with the period it is compared with: a year earlier.
with

months as (
    select distinct month_start
    from {{ ref('dim_date') }}
),

review_year as (
    select
        'review_year' as period_type,
        date '{{ var("review_year_start") }}' as period_start,
        cast(date '{{ var("review_year_start") }}' + interval 1 year - interval 1 day as date) as period_end
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

periods as (
    select * from review_year
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
    cast(date_diff('day', period_start, period_end) + 1 as integer) as days
from periods
