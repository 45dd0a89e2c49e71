{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r14_serious_youth_violence') }}
),

wide as (
    {{ wide_measures('mart', {
        'accused_by_person': 'accused_by_person_pct',
        'crimes_by_definition': 'crimes_by_definition',
        'crimes_by_offence': 'crimes_by_offence_pct',
        'crimes_by_place': 'crimes_by_place_pct',
        'crimes_by_time': 'crimes_by_time_pct',
        'igxu_share_of_accused': 'igxu_share_of_accused_pct',
        'injury_of_victims': 'injury_of_victims_pct',
        'scheme_caseload': 'scheme_caseload',
        'scheme_circumstance_share': 'scheme_circumstance_share_pct',
        'scheme_clients': 'scheme_clients',
        'scheme_clients_by_person': 'scheme_clients_by_person_pct',
        'scheme_first_time_entrant_share': 'scheme_first_time_entrant_share_pct',
        'scheme_need_found_share': 'scheme_need_found_share_pct',
        'scheme_persons_worked_with': 'scheme_persons_worked_with',
        'service_target': 'service_target_pct',
        'stop_searches': 'stop_searches',
        'stop_searches_by_action': 'stop_searches_by_action_pct',
        'stop_searches_by_person': 'stop_searches_by_person_pct',
        'stop_searches_without_action_share': 'stop_searches_without_action_share_pct',
        'suspects_by_person': 'suspects_by_person_pct',
        'victims_by_person': 'victims_by_person_pct',
        'violence_by_definition': 'violence_by_definition',
        'youth_service_results': 'youth_service_results_pct',
        'youth_service_users': 'youth_service_users',
        'youth_violence_from_outside_share': 'youth_violence_from_outside_share_pct',
    }) }}
)

select * from wide
