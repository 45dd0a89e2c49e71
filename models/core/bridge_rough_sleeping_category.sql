with

sightings as (
    select * from {{ ref('int_rough_sleeping__screened') }}
    where fate = 'kept'
),

categories as (
    select * from {{ ref('chain_categories') }}
)

select
    {{ surrogate_key([
        'sightings.person_key', 'sightings.quarter_end', 'sightings.borough_code', 'sightings.category_code',
    ]) }} as rough_sleeping_category_key,
    {{ surrogate_key(['sightings.person_key', 'sightings.quarter_end', 'sightings.borough_code']) }}
        as rough_sleeping_key,
    sightings.category_code,
    coalesce(categories.chain_category, 'Not in the list of categories') as category_name,
    sightings.delivery_id
from sightings
left join categories on sightings.category_code = categories.category_code
