{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r10_cross_border_offending') }}
),

wide as (
    {{ wide_measures('mart', {
        'accused_by_home_borough': 'accused_by_home_borough_pct',
        'accused_by_offence': 'accused_by_offence_pct',
        'accused_by_person': 'accused_by_person_pct',
        'accused_persons': 'accused_persons',
    }) }}
)

select * from wide
