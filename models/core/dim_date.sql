with

days as (
    select cast(range as date) as date_day
    from range(date '2008-01-01', date '2031-01-01', interval 1 day)
)

select
    cast(strftime(date_day, '%Y%m%d') as integer) as date_key,
    date_day,
    cast(date_trunc('month', date_day) as date) as month_start,
    cast(year(date_day) as integer) as calendar_year,
    -- Financial years begin in April, academic years in September.
    cast(year(date_day - interval 3 month) as integer) as financial_year_start,
    cast(year(date_day - interval 8 month) as integer) as academic_year_start,
    cast(isodow(date_day) as integer) as weekday_number,
    dayname(date_day) as weekday_name,
    isodow(date_day) >= 6 as is_weekend
from days
