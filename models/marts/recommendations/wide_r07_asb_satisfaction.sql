{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r07_asb_satisfaction') }}
),

wide as (
    {{ wide_measures('mart', {
        'asb_casework_response_rate': 'asb_casework_response_rate_pct',
        'asb_casework_satisfied_share': 'asb_casework_satisfied_share_pct',
        'dissatisfied_with_support': 'dissatisfied_with_support_pct',
        'satisfied_with_support': 'satisfied_with_support_pct',
    }) }}
)

select * from wide
