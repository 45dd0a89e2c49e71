{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r11_theft_offenders') }}
),

wide as (
    {{ wide_measures('mart', {
        'offenders_in_cohort': 'offenders_in_cohort',
        'reoffences_per_reoffender': 'reoffences_per_reoffender',
        'reoffending_rank': 'reoffending_rank',
        'reoffending_rate': 'reoffending_rate_pct',
    }) }}
)

select * from wide
