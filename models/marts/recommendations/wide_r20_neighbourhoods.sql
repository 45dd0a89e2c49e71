{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r20_neighbourhoods') }}
),

wide as (
    {{ wide_measures('mart', {
        'accused_by_person': 'accused_by_person_pct',
        'asb_incidents': 'asb_incidents',
        'crime_harm': 'crime_harm',
        'crimes_by_definition': 'crimes_by_definition',
        'crimes_per_day': 'crimes_per_day',
        'crimes_recorded': 'crimes_recorded',
        'offence_share_of_crime': 'offence_share_of_crime_pct',
        'residents_feel_safe': 'residents_feel_safe_pct',
        'residents_see_problem': 'residents_see_problem_pct',
        'victims_by_person': 'victims_by_person_pct',
    }) }}
)

select * from wide
