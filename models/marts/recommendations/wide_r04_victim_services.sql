{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r04_victim_services') }}
),

wide as (
    {{ wide_measures('mart', {
        'referrals': 'referrals',
        'referrals_by_person': 'referrals_by_person_pct',
        'support_sought': 'support_sought',
        'support_sought_share': 'support_sought_share_pct',
        'victim_care_leaflet_share': 'victim_care_leaflet_share_pct',
        'victim_satisfaction': 'victim_satisfaction_pct',
        'victim_service_results': 'victim_service_results_pct',
        'victim_service_users': 'victim_service_users',
    }) }}
)

select * from wide
