{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r05_asb_repeat_victimisation') }}
),

wide as (
    {{ wide_measures('mart', {
        'asb_by_kind': 'asb_by_kind_pct',
        'asb_calls_by_time': 'asb_calls_by_time_pct',
        'asb_cases': 'asb_cases',
        'asb_cases_by_kind': 'asb_cases_by_kind_pct',
        'asb_closed_in_30_days_share': 'asb_closed_in_30_days_share_pct',
        'asb_days_to_close': 'asb_days_to_close',
        'asb_days_to_identify_repeat': 'asb_days_to_identify_repeat',
        'asb_days_to_next_case': 'asb_days_to_next_case',
        'asb_incidents': 'asb_incidents',
        'asb_incidents_per_day': 'asb_incidents_per_day',
        'asb_repeat_both_share': 'asb_repeat_both_share_pct',
        'asb_repeat_complainant_share': 'asb_repeat_complainant_share_pct',
        'asb_repeat_flagged_share': 'asb_repeat_flagged_share_pct',
        'asb_repeat_location_10_share': 'asb_repeat_location_10_share_pct',
        'asb_repeat_location_3_share': 'asb_repeat_location_3_share_pct',
        'asb_triage_referrals': 'asb_triage_referrals',
        'asb_triage_referrals_by_kind': 'asb_triage_referrals_by_kind_pct',
        'noise_addresses': 'noise_addresses',
        'noise_repeat_complainant_share': 'noise_repeat_complainant_share_pct',
    }) }}
)

select * from wide
