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
        'reoffending_rate_three_years': 'reoffending_rate_three_years_pct',
        'rough_sleepers': 'rough_sleepers',
        'rough_sleepers_after_prison_share': 'rough_sleepers_after_prison_share_pct',
        'rough_sleepers_by_person': 'rough_sleepers_by_person_pct',
        'rough_sleepers_without_need_share': 'rough_sleepers_without_need_share_pct',
    }) }}
)

select * from wide
