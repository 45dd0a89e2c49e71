{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r13_asb_repeat_offending') }}
),

wide as (
    {{ wide_measures('mart', {
        'asb_cases': 'asb_cases',
        'asb_known_to_another_system_share': 'asb_known_to_another_system_share_pct',
        'asb_perpetrators_in_two_systems_share': 'asb_perpetrators_in_two_systems_share_pct',
        'asb_repeat_both_share': 'asb_repeat_both_share_pct',
        'asb_repeat_perpetrator_share': 'asb_repeat_perpetrator_share_pct',
        'scheme_persons_worked_with': 'scheme_persons_worked_with',
    }) }}
)

select * from wide
