{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r19_theft_action_plan') }}
),

wide as (
    {{ wide_measures('mart', {
        'accused_by_offence': 'accused_by_offence_pct',
        'accused_by_person': 'accused_by_person_pct',
        'area_share_of_borough_crime': 'area_share_of_borough_crime_pct',
        'crimes_by_definition': 'crimes_by_definition',
        'crimes_by_offence': 'crimes_by_offence_pct',
        'crimes_by_place': 'crimes_by_place_pct',
        'crimes_by_time': 'crimes_by_time_pct',
        'crimes_per_day': 'crimes_per_day',
        'crimes_recorded': 'crimes_recorded',
        'disposals_of_accused': 'disposals_of_accused_pct',
        'offence_share_of_crime': 'offence_share_of_crime_pct',
        'positive_outcome_rate': 'positive_outcome_rate_pct',
        'sanction_detection_share': 'sanction_detection_share_pct',
        'sanction_detections': 'sanction_detections',
        'suspects_by_person': 'suspects_by_person_pct',
        'theft_by_time_of_day': 'theft_by_time_of_day_pct',
        'top_areas_share_of_crime': 'top_areas_share_of_crime_pct',
        'victims_by_person': 'victims_by_person_pct',
    }) }}
)

select * from wide
