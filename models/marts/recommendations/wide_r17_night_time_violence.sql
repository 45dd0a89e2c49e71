{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r17_night_time_violence') }}
),

wide as (
    {{ wide_measures('mart', {
        'accused_by_person': 'accused_by_person_pct',
        'assault_callouts': 'assault_callouts',
        'callouts': 'callouts',
        'callouts_by_person': 'callouts_by_person_pct',
        'callouts_by_place': 'callouts_by_place_pct',
        'callouts_by_time': 'callouts_by_time_pct',
        'crimes_by_definition': 'crimes_by_definition',
        'crimes_by_place': 'crimes_by_place_pct',
        'crimes_by_time': 'crimes_by_time_pct',
        'injury_of_victims': 'injury_of_victims_pct',
        'serious_violence_at_night': 'serious_violence_at_night',
        'suspects_by_person': 'suspects_by_person_pct',
        'victims_by_person': 'victims_by_person_pct',
        'violence_at_night_share': 'violence_at_night_share_pct',
        'violence_by_definition': 'violence_by_definition',
    }) }}
)

select * from wide
