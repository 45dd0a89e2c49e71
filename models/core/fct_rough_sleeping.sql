-- A person in two categories of a quarter has two delivered rows and one row here.
with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

sightings as (
    select * from {{ ref('int_rough_sleeping__screened') }}
    where fate = 'kept'
),

person_quarters as (
    select
        person_key,
        quarter_end,
        borough_code,
        count(distinct category_code) as categories,
        bool_or(category_code = 'new') as is_new,
        bool_or(category_code = 'living_on_streets') as is_living_on_streets,
        bool_or(category_code = 'intermittent') as is_intermittent,
        arg_max(ward_code, row_number) as ward_code,
        arg_max(nationality, row_number) as nationality,
        arg_max(sex, row_number) as sex,
        arg_max(age_band, row_number) as age_band,
        -- A need that one of the rows states is a need; "no" stands only where a row was assessed.
        bool_or(has_alcohol_need) as has_alcohol_need,
        bool_or(has_drug_need) as has_drug_need,
        bool_or(has_mental_health_need) as has_mental_health_need,
        bool_or(was_in_prison) as was_in_prison,
        bool_or(was_in_care) as was_in_care,
        max(times_seen) as times_seen,
        max(delivery_id) as delivery_id,
        bool_or(is_partial_scope) as is_partial_scope,
        max(data_origin) as data_origin,
        max(published_on) as published_on
    from sightings
    group by person_key, quarter_end, borough_code
)

select
    -- keys
    {{ surrogate_key([
        'person_quarters.person_key', 'person_quarters.quarter_end', 'person_quarters.borough_code',
    ]) }} as rough_sleeping_key,
    person_quarters.person_key,
    person_quarters.delivery_id,
    'chain_person' as source,
    contracts.source_id,

    -- when and where
    cast(date_trunc('quarter', person_quarters.quarter_end) as date) as quarter_start,
    person_quarters.quarter_end,
    person_quarters.borough_code,
    person_quarters.ward_code,

    -- who
    person_quarters.sex,
    person_quarters.age_band,
    person_quarters.nationality,
    person_quarters.has_alcohol_need,
    person_quarters.has_drug_need,
    person_quarters.has_mental_health_need,
    person_quarters.was_in_prison,
    person_quarters.was_in_care,

    -- measures
    cast(person_quarters.categories as integer) as categories,
    cast(person_quarters.times_seen as integer) as times_seen,

    -- flags
    person_quarters.is_new,
    person_quarters.is_living_on_streets,
    person_quarters.is_intermittent,
    person_quarters.is_partial_scope,
    person_quarters.data_origin,
    person_quarters.published_on as as_at_date
from person_quarters
left join contracts on 'chain_person' = contracts.source
