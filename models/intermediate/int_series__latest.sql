-- Publications that hold several series, each with years of its own: a source that was delivered last month
-- can hold an estimate of years ago.
with

treatment as (
    select * from {{ ref('stg_health__ndtms_aggregates') }}
),

indicators as (
    select * from {{ ref('stg_health__fingertips_indicators') }}
),

measures_of_treatment as (
    select
        'ndtms_aggregate' as source,
        measure as series,
        max(period_end) as latest_period_end
    from treatment
    group by measure
),

-- 20220000 is 2022/23 where the period is a financial year, else the calendar year.
dated_indicators as (
    select
        indicator_name,
        case
            when time_period like '%/%' then make_date(time_period_sortable // 10000 + 1, 3, 31)
            else make_date(time_period_sortable // 10000, 12, 31)
        end as period_end
    from indicators
    where time_period_sortable is not null
),

latest_indicators as (
    select
        'fingertips_indicator' as source,
        indicator_name as series,
        max(period_end) as latest_period_end
    from dated_indicators
    group by indicator_name
)

select * from measures_of_treatment
union all
select * from latest_indicators
