{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r02_supporting_families') }}
),

wide as (
    {{ wide_measures('mart', {
        'child_health_indicator': 'child_health_indicator',
        'exclusions': 'exclusions',
        'exclusions_by_home': 'exclusions_by_home_pct',
        'exclusions_by_pupil': 'exclusions_by_pupil_pct',
        'exclusions_of_residents_share': 'exclusions_of_residents_share_pct',
        'exclusions_with_special_needs_share': 'exclusions_with_special_needs_share_pct',
        'families_meeting_criteria': 'families_meeting_criteria',
        'families_open': 'families_open',
        'families_supported_share': 'families_supported_share_pct',
        'low_income_children': 'low_income_children',
        'low_income_households': 'low_income_households',
        'pupils_on_roll': 'pupils_on_roll',
        'pupils_with_need_share': 'pupils_with_need_share_pct',
        'scheme_persons_worked_with': 'scheme_persons_worked_with',
        'suspensions_by_reason': 'suspensions_by_reason_pct',
        'young_claimants': 'young_claimants',
    }) }}
)

select * from wide
