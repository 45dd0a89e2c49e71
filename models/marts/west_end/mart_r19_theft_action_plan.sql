with

measures as (
    select * from {{ ref('measures_all') }}
),

recommendation_measures as (
    select * from {{ ref('recommendation_measures') }}
    where recommendation_id = 'R19'
)

select
    recommendation_measures.recommendation_id,
    measures.*
from measures
inner join recommendation_measures on measures.measure_id = recommendation_measures.measure_id
where
    measures.category in ('all', 'theft', 'business_crime_proxy')
    or measures.category in (
        'theft_from_person', 'other_theft', 'shoplifting', 'bicycle_theft', 'robbery_of_business_property',
        'burglary_business_and_community'
    )
    -- Street-level types, as published.
    or measures.category in ('Theft from the person', 'Other theft', 'Shoplifting', 'Burglary')
    or (measures.breakdown like 'top_%' and measures.category_2 in ('theft', 'business_crime_proxy'))
