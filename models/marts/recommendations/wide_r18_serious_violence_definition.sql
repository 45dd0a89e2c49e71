{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r18_serious_violence_definition') }}
),

wide as (
    {{ wide_measures('mart', {
        'crimes_by_definition': 'crimes_by_definition',
        'crimes_by_offence': 'crimes_by_offence_pct',
        'violence_by_definition': 'violence_by_definition',
    }) }}
)

select * from wide
