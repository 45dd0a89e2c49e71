{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r14_serious_youth_violence') }}
),

wide as (
    {{ wide_measures('mart', {
        'violence_by_definition': 'violence_by_definition',
        'youth_violence_from_outside_share': 'youth_violence_from_outside_share_pct',
    }) }}
)

select * from wide
