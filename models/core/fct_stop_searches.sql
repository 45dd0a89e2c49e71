with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

stops as (
    select * from {{ ref('int_stop_searches__screened') }}
    where fate = 'kept'
),

points as (
    select * from {{ ref('int_places__points') }}
),

lsoas as (
    select * from {{ ref('int_geography__lsoas') }}
    where vintage = '2021'
)

select
    -- keys
    {{ surrogate_key(['stops.delivery_id', 'stops.row_number']) }} as stop_search_key,
    stops.delivery_id,
    'police_uk_stop_search' as source,
    contracts.source_id,

    -- when and where
    stops.stopped_at,
    cast(stops.stopped_at as date) as stop_date,
    stops.month as stop_month,
    cast(hour(stops.stopped_at) as integer) as stop_hour,
    stops.publisher as force_name,
    lsoas.borough_code,
    points.ward_code,
    points.lsoa_2011_code,
    points.lsoa_2021_code,
    stops.longitude,
    stops.latitude,

    -- who and why
    stops.search_type,
    stops.gender,
    stops.age_range,
    stops.self_defined_ethnicity,
    stops.officer_defined_ethnicity,
    stops.legislation,
    stops.object_of_search,
    stops.outcome,

    -- flags
    stops.is_cut_short as is_partial_month,
    stops.data_origin,
    stops.published_on as as_at_date
from stops
left join points on stops.longitude = points.longitude and stops.latitude = points.latitude
left join lsoas on points.lsoa_2021_code = lsoas.lsoa_code
left join contracts on 'police_uk_stop_search' = contracts.source
