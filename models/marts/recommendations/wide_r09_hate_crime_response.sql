{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r09_hate_crime_response') }}
),

wide as (
    {{ wide_measures('mart', {
        'crimes_by_place': 'crimes_by_place_pct',
        'hate_crime_leaflet_share': 'hate_crime_leaflet_share_pct',
        'hate_crime_positive_outcome_share': 'hate_crime_positive_outcome_share_pct',
        'hate_crimes': 'hate_crimes',
        'hate_crimes_by_strand': 'hate_crimes_by_strand',
        'residents_see_problem': 'residents_see_problem_pct',
        'sanction_detection_share': 'sanction_detection_share_pct',
        'victim_care_leaflet_share': 'victim_care_leaflet_share_pct',
    }) }}
)

select * from wide
