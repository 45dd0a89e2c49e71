{{ config(materialized='view') }}

with

observations as (
    select * from {{ ref('measures_all') }}
),

uses as (
    select
        measure_id,
        string_agg(recommendation_id, ',' order by recommendation_id) as recommendation_ids
    from {{ ref('recommendation_measures') }}
    group by measure_id
)

select
    observations.observation_key,
    uses.recommendation_ids,
    observations.* exclude (observation_key) -- noqa: RF02
from observations
left join uses on observations.measure_id = uses.measure_id
