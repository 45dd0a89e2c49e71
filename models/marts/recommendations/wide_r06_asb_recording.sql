{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r06_asb_recording') }}
),

wide as (
    {{ wide_measures('mart', {
        'asb_case_field_recorded_share': 'asb_case_field_recorded_share_pct',
        'asb_cases': 'asb_cases',
        'asb_duplicate_record_share': 'asb_duplicate_record_share_pct',
        'asb_known_to_another_system_share': 'asb_known_to_another_system_share_pct',
        'asb_triage_categories': 'asb_triage_categories',
        'asb_triage_referrals': 'asb_triage_referrals',
    }) }}
)

select * from wide
