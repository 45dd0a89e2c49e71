{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r15_domestic_abuse_perpetrators') }}
),

wide as (
    {{ wide_measures('mart', {
        'disposals_of_accused': 'disposals_of_accused_pct',
        'domestic_abuse_relationship': 'domestic_abuse_relationship_pct',
        'known_repeat_perpetrator_share': 'known_repeat_perpetrator_share_pct',
        'marac_repeat_older_share': 'marac_repeat_older_share_pct',
        'marac_repeat_share': 'marac_repeat_share_pct',
        'perpetrator_programme_engaged_share': 'perpetrator_programme_engaged_share_pct',
        'perpetrator_programme_referrals': 'perpetrator_programme_referrals',
        'perpetrator_programme_repeat_share': 'perpetrator_programme_repeat_share_pct',
        'perpetrator_programme_started_share': 'perpetrator_programme_started_share_pct',
        'referrals': 'referrals',
        'referrals_by_person': 'referrals_by_person_pct',
        'repeat_domestic_abuse_share': 'repeat_domestic_abuse_share_pct',
    }) }}
)

select * from wide
