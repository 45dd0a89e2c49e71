{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r20_neighbourhoods') }}
),

wide as (
    {{ wide_measures('mart', {
        'accused_by_person': 'accused_by_person_pct',
        'crimes_recorded': 'crimes_recorded',
        'victims_by_person': 'victims_by_person_pct',
    }) }}
)

select * from wide
