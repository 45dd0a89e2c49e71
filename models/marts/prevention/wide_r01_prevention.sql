{{ config(materialized='view') }}

with

prevention as (
    select * from {{ ref('mart_r01_prevention') }}
),

wide as (
    {{ wide_measures('prevention', {
        'cost_of_crime': 'cost_of_crime_gbp',
        'cost_share': 'cost_share_pct',
        'cost_component_share': 'cost_component_share_pct',
        'costed_crimes': 'costed_crimes',
        'costed_crime_share': 'costed_crime_share_pct',
    }) }}
)

select * from wide
