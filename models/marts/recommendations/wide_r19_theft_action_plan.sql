{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r19_theft_action_plan') }}
),

wide as (
    {{ wide_measures('mart', {
        'area_share_of_borough_crime': 'area_share_of_borough_crime_pct',
        'crimes_per_day': 'crimes_per_day',
        'crimes_recorded': 'crimes_recorded',
        'offence_share_of_crime': 'offence_share_of_crime_pct',
        'positive_outcome_rate': 'positive_outcome_rate_pct',
        'theft_by_time_of_day': 'theft_by_time_of_day_pct',
        'top_areas_share_of_crime': 'top_areas_share_of_crime_pct',
    }) }}
)

select * from wide
