{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r09_hate_crime_response') }}
),

wide as (
    {{ wide_measures('mart', {
        'crimes_by_definition': 'crimes_by_definition',
        'crimes_by_offence': 'crimes_by_offence_pct',
        'crimes_by_place': 'crimes_by_place_pct',
        'crimes_by_time': 'crimes_by_time_pct',
        'hate_crime_leaflet_share': 'hate_crime_leaflet_share_pct',
        'hate_crime_positive_outcome_share': 'hate_crime_positive_outcome_share_pct',
        'hate_crimes': 'hate_crimes',
        'hate_crimes_by_strand': 'hate_crimes_by_strand',
        'residents_see_problem': 'residents_see_problem_pct',
        'sanction_detection_share': 'sanction_detection_share_pct',
        'suspects_by_person': 'suspects_by_person_pct',
        'victim_care_leaflet_share': 'victim_care_leaflet_share_pct',
        'victim_satisfaction': 'victim_satisfaction_pct',
        'victims_by_person': 'victims_by_person_pct',
    }) }}
)

select * from wide
