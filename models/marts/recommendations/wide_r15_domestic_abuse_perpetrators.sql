{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r15_domestic_abuse_perpetrators') }}
),

wide as (
    {{ wide_measures('mart', {
        'accused_by_person': 'accused_by_person_pct',
        'crimes_by_definition': 'crimes_by_definition',
        'crimes_by_offence': 'crimes_by_offence_pct',
        'crimes_by_place': 'crimes_by_place_pct',
        'disposals_of_accused': 'disposals_of_accused_pct',
        'domestic_abuse_at_home_share': 'domestic_abuse_at_home_share_pct',
        'domestic_abuse_relationship': 'domestic_abuse_relationship_pct',
        'estimated_victims': 'estimated_victims',
        'injury_of_victims': 'injury_of_victims_pct',
        'known_repeat_perpetrator_share': 'known_repeat_perpetrator_share_pct',
        'marac_children': 'marac_children',
        'marac_repeat_older_share': 'marac_repeat_older_share_pct',
        'marac_repeat_share': 'marac_repeat_share_pct',
        'perpetrator_programme_engaged_share': 'perpetrator_programme_engaged_share_pct',
        'perpetrator_programme_referrals': 'perpetrator_programme_referrals',
        'perpetrator_programme_repeat_share': 'perpetrator_programme_repeat_share_pct',
        'perpetrator_programme_started_share': 'perpetrator_programme_started_share_pct',
        'perpetrator_programme_target_share': 'perpetrator_programme_target_share_pct',
        'police_recorded_offences': 'police_recorded_offences',
        'referrals': 'referrals',
        'referrals_by_person': 'referrals_by_person_pct',
        'repeat_domestic_abuse_perpetrator_share': 'repeat_domestic_abuse_perpetrator_share_pct',
        'repeat_domestic_abuse_share': 'repeat_domestic_abuse_share_pct',
        'sanction_detection_share': 'sanction_detection_share_pct',
        'sanction_detections': 'sanction_detections',
        'support_sought': 'support_sought',
        'support_sought_share': 'support_sought_share_pct',
        'suspects_by_person': 'suspects_by_person_pct',
        'victims_by_person': 'victims_by_person_pct',
        'victims_safer_at_exit_share': 'victims_safer_at_exit_share_pct',
    }) }}
)

select * from wide
