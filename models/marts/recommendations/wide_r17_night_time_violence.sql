{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r17_night_time_violence') }}
),

wide as (
    {{ wide_measures('mart', {
        'assault_callouts': 'assault_callouts',
        'violence_at_night_share': 'violence_at_night_share_pct',
        'violence_by_definition': 'violence_by_definition',
    }) }}
)

select * from wide
