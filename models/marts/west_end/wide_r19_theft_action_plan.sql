{{ config(materialized='view') }}

with

theft as (
    select * from {{ ref('mart_r19_theft_action_plan') }}
),

wide as (
    {{ wide_measures('theft', {
        'crimes_recorded': 'crimes_recorded',
        'crimes_per_day': 'crimes_per_day',
        'offence_share_of_crime': 'offence_share_of_crime_pct',
        'area_share_of_borough_crime': 'area_share_of_borough_crime_pct',
        'top_areas_share_of_crime': 'top_areas_share_of_crime_pct',
        'positive_outcome_rate': 'positive_outcome_rate_pct',
        'theft_by_time_of_day': 'theft_by_time_of_day_pct',
    }) }}
)

select * from wide
