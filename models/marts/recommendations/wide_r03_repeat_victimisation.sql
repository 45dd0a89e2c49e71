{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r03_repeat_victimisation') }}
),

wide as (
    {{ wide_measures('mart', {
        'estimated_victims': 'estimated_victims',
        'repeat_domestic_abuse_share': 'repeat_domestic_abuse_share_pct',
        'repeat_victim_share': 'repeat_victim_share_pct',
        'repeat_victimisation_same_group_share': 'repeat_victimisation_same_group_share_pct',
        'repeat_victimisation_share': 'repeat_victimisation_share_pct',
        'victimisations': 'victimisations',
        'victims_by_person': 'victims_by_person_pct',
    }) }}
)

select * from wide
