with

kept as (
    select
        quarter_end,
        borough_code,
        count(*) as sightings
    from {{ ref('int_rough_sleeping__screened') }}
    where fate = 'kept'
    group by quarter_end, borough_code
),

facts as (
    select
        quarter_end,
        borough_code,
        sum(categories) as categories
    from {{ ref('fct_rough_sleeping') }}
    group by quarter_end, borough_code
)

select
    kept.*,
    facts.categories
from kept
full outer join facts on kept.quarter_end = facts.quarter_end and kept.borough_code = facts.borough_code
where kept.sightings is distinct from facts.categories
