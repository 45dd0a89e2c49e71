{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r02_supporting_families') }}
),

wide as (
    {{ wide_measures('mart', {
        'families_meeting_criteria': 'families_meeting_criteria',
        'families_open': 'families_open',
        'families_supported_share': 'families_supported_share_pct',
        'low_income_children': 'low_income_children',
        'low_income_households': 'low_income_households',
        'pupils_with_need_share': 'pupils_with_need_share_pct',
    }) }}
)

select * from wide
