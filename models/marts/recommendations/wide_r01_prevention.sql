{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r01_prevention') }}
),

wide as (
    {{ wide_measures('mart', {
        'cost_component_share': 'cost_component_share_pct',
        'cost_of_crime': 'cost_of_crime_gbp',
        'cost_share': 'cost_share_pct',
        'costed_crime_share': 'costed_crime_share_pct',
        'costed_crimes': 'costed_crimes',
    }) }}
)

select * from wide
