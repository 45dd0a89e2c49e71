with

measures as (
    select * from {{ ref('measures_all') }}
),

recommendation_measures as (
    select * from {{ ref('recommendation_measures') }}
    where recommendation_id = 'R04'
)

select
    recommendation_measures.recommendation_id,
    measures.*
from measures
inner join recommendation_measures on measures.measure_id = recommendation_measures.measure_id
