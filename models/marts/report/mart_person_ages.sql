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

persons as (
    select * from {{ ref('fct_crime_persons') }}
    where not coalesce(is_organisation, false)
),

aged_persons as (
    select
        periods.period_start,
        periods.period_end,
        persons.role as person_role,
        persons.data_origin,
        persons.as_at_date,
        coalesce({{ age_band('persons.age') }}, 'unknown') as age_band,
        case when persons.sex in ('F', 'M') then persons.sex else 'unknown' end as sex
    from persons
    inner join crimes on persons.crime_key = crimes.crime_key
    inner join boroughs on crimes.borough_code = boroughs.borough_code
    inner join periods on crimes.recorded_month between periods.period_start and periods.period_end
)

select
    {{ surrogate_key(['period_start', 'person_role', 'age_band', 'sex']) }} as person_age_key,
    period_start,
    period_end,
    person_role,
    age_band,
    sex,
    count(*) as persons,
    min(data_origin) as data_origin,
    max(as_at_date) as as_at_date
from aged_persons
group by period_start, period_end, person_role, age_band, sex
