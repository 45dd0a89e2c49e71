{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r04_victim_services') }}
),

wide as (
    {{ wide_measures('mart', {
        'borough_victim_services': 'borough_victim_services',
        'referrals': 'referrals',
        'referrals_by_person': 'referrals_by_person_pct',
        'service_target': 'service_target_pct',
        'support_sought': 'support_sought',
        'support_sought_share': 'support_sought_share_pct',
        'victim_care_leaflet_share': 'victim_care_leaflet_share_pct',
        'victim_satisfaction': 'victim_satisfaction_pct',
        'victim_service_results': 'victim_service_results_pct',
        'victim_service_users': 'victim_service_users',
        'victim_services_with_borough_figures': 'victim_services_with_borough_figures',
        'victims_safer_at_exit_share': 'victims_safer_at_exit_share_pct',
    }) }}
)

select * from wide
