{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r18_serious_violence_definition') }}
),

wide as (
    {{ wide_measures('mart', {
        'violence_by_definition': 'violence_by_definition',
    }) }}
)

select * from wide
