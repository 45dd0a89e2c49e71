{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r15_domestic_abuse_perpetrators') }}
),

wide as (
    {{ wide_measures('mart', {
        'repeat_domestic_abuse_share': 'repeat_domestic_abuse_share_pct',
    }) }}
)

select * from wide
