{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r09_hate_crime_response') }}
),

wide as (
    {{ wide_measures('mart', {
        'hate_crime_leaflet_share': 'hate_crime_leaflet_share_pct',
        'hate_crime_positive_outcome_share': 'hate_crime_positive_outcome_share_pct',
        'hate_crimes': 'hate_crimes',
        'hate_crimes_by_strand': 'hate_crimes_by_strand',
    }) }}
)

select * from wide
