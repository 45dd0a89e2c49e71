{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r17_night_time_violence') }}
),

wide as (
    {{ wide_measures('mart', {
        'assault_callouts': 'assault_callouts',
        'crimes_by_place': 'crimes_by_place_pct',
        'crimes_by_time': 'crimes_by_time_pct',
        'injury_of_victims': 'injury_of_victims_pct',
        'violence_at_night_share': 'violence_at_night_share_pct',
        'violence_by_definition': 'violence_by_definition',
    }) }}
)

select * from wide
