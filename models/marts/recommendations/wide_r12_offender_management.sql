{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r12_offender_management') }}
),

wide as (
    {{ wide_measures('mart', {
        'drug_treatment_adults': 'drug_treatment_adults',
        'estimated_drug_users': 'estimated_drug_users',
        'estimated_drug_users_rate': 'estimated_drug_users_rate',
        'iom_acquisitive_share': 'iom_acquisitive_share_pct',
        'iom_cost_avoided': 'iom_cost_avoided_gbp',
        'iom_drug_offender_share': 'iom_drug_offender_share_pct',
        'iom_offences_per_year': 'iom_offences_per_year',
        'iom_reoffending_rate': 'iom_reoffending_rate_pct',
        'iom_share_of_reoffenders': 'iom_share_of_reoffenders_pct',
        'offenders_in_cohort': 'offenders_in_cohort',
        'reoffending_rate': 'reoffending_rate_pct',
        'scheme_caseload': 'scheme_caseload',
        'scheme_circumstance_share': 'scheme_circumstance_share_pct',
        'scheme_clients': 'scheme_clients',
        'scheme_clients_by_person': 'scheme_clients_by_person_pct',
        'scheme_completions': 'scheme_completions',
        'scheme_first_time_entrants': 'scheme_first_time_entrants',
        'scheme_need_found_share': 'scheme_need_found_share_pct',
        'scheme_need_met_share': 'scheme_need_met_share_pct',
        'scheme_persons_worked_with': 'scheme_persons_worked_with',
        'scheme_starts': 'scheme_starts',
    }) }}
)

select * from wide
