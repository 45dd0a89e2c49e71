with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

callouts as (
    select * from {{ ref('int_callouts__screened') }}
    where fate = 'kept'
),

points as (
    select * from {{ ref('int_places__points') }}
),

wards as (
    select * from {{ ref('int_geography__wards') }}
)

select
    -- keys
    {{ surrogate_key(["'lfb'", 'callouts.incident_number']) }} as callout_key,
    callouts.delivery_id,
    callouts.incident_number as incident_ref_lfb,
    'LFB' as service,
    callouts.source,
    contracts.source_id,

    -- when and where
    callouts.called_at,
    cast(callouts.call_date as date) as call_date,
    cast(date_trunc('month', callouts.call_date) as date) as call_month,
    cast(hour(callouts.called_at) as integer) as call_hour,
    coalesce(wards.borough_code, callouts.borough_code) as borough_code,
    wards.ward_code,
    points.lsoa_2011_code,
    points.lsoa_2021_code,

    -- what
    callouts.incident_group,
    callouts.stop_code,
    callouts.special_service_type,
    callouts.property_category,

    -- flags
    callouts.is_animal_rescue,
    lower(callouts.incident_group) = 'false alarm' as is_false_alarm,
    callouts.data_origin,
    callouts.published_on as as_at_date
from callouts
left join points
    on callouts.easting_rounded = points.easting and callouts.northing_rounded = points.northing
left join wards on coalesce(points.ward_code, callouts.ward_code) = wards.ward_code
left join contracts on callouts.source = contracts.source
