with

periods as (
    select * from {{ ref('dim_period') }}
    where period_type = 'review_year'
),

boroughs as (
    select * from {{ ref('dim_borough') }}
    where is_partnership
),

crimes as (
    select * from {{ ref('fct_crimes') }}
    where source = 'cris_crime' and is_notifiable
),

offences as (
    select * from {{ ref('dim_offence') }}
),

-- Of an interval over twelve hours the time is not known: counted without hour and weekday.
timed_crimes as (
    select
        periods.period_start,
        periods.period_end,
        crimes.data_origin,
        crimes.as_at_date,
        offences.is_theft,
        offences.is_violent,
        case
            when not crimes.is_time_uncertain then strftime(crimes.committed_from_at, '%A')
        end as weekday_name,
        case when not crimes.is_time_uncertain then hour(crimes.committed_from_at) end as hour
    from crimes
    inner join boroughs on crimes.borough_code = boroughs.borough_code
    inner join periods on crimes.recorded_month between periods.period_start and periods.period_end
    left join offences on crimes.offence_code = offences.offence_code
),

kinds as (
    select
        *,
        'all_crime' as crime_kind
    from timed_crimes
    union all
    select
        *,
        'theft' as crime_kind
    from timed_crimes
    where is_theft
    union all
    select
        *,
        'violent_crime' as crime_kind
    from timed_crimes
    where is_violent
)

select
    {{ surrogate_key(['period_start', 'crime_kind', 'weekday_name', 'hour']) }} as crime_week_key,
    period_start,
    period_end,
    crime_kind,
    weekday_name,
    cast(hour as integer) as hour,
    count(*) as crimes,
    min(data_origin) as data_origin,
    max(as_at_date) as as_at_date
from kinds
group by period_start, period_end, crime_kind, weekday_name, hour
