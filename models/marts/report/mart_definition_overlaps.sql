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
    where source = 'cris_crime'
),

memberships as (
    select * from {{ ref('bridge_crime_definition') }}
    where
        membership = 'met'
        and (
            definition_id like 'serious_violence%'
            or definition_id like '%youth_violence%'
            or definition_id in ('violent_crime', 'knife_crime', 'knife_crime_with_injury')
        )
),

combinations as (
    select
        crime_key,
        string_agg(definition_id, ',' order by definition_id) as definition_ids
    from memberships
    group by crime_key
),

combined_crimes as (
    select
        periods.period_start,
        periods.period_end,
        combinations.definition_ids,
        crimes.data_origin,
        crimes.as_at_date
    from combinations
    inner join crimes on combinations.crime_key = crimes.crime_key
    inner join boroughs on crimes.borough_code = boroughs.borough_code
    inner join periods on crimes.recorded_month between periods.period_start and periods.period_end
)

select
    {{ surrogate_key(['period_start', 'definition_ids']) }} as definition_overlap_key,
    period_start,
    period_end,
    definition_ids,
    count(*) as crimes,
    min(data_origin) as data_origin,
    max(as_at_date) as as_at_date
from combined_crimes
group by period_start, period_end, definition_ids
