with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

fire_callouts as (
    select * from {{ ref('int_callouts__screened') }}
    where fate = 'kept'
),

health_callouts as (
    select * from {{ ref('int_callouts__health') }}
    where fate = 'kept'
),

points as (
    select * from {{ ref('int_places__points') }}
),

wards as (
    select * from {{ ref('int_geography__wards') }}
),

fire_records as (
    select
        {{ surrogate_key(["'lfb'", 'fire_callouts.incident_number']) }} as callout_key,
        fire_callouts.delivery_id,
        fire_callouts.incident_number as incident_ref_lfb,
        'LFB' as service,
        fire_callouts.source,
        fire_callouts.called_at,
        cast(fire_callouts.call_date as date) as call_date,
        coalesce(wards.borough_code, fire_callouts.borough_code) as borough_code,
        wards.ward_code,
        points.lsoa_2011_code,
        points.lsoa_2021_code,
        fire_callouts.incident_group,
        fire_callouts.stop_code,
        fire_callouts.special_service_type,
        fire_callouts.property_category,
        fire_callouts.is_animal_rescue,
        lower(fire_callouts.incident_group) = 'false alarm' as is_false_alarm,
        'not_supplied' as residence_category,
        false as is_partial_scope,
        fire_callouts.data_origin,
        fire_callouts.published_on
    from fire_callouts
    left join points
        on fire_callouts.easting_rounded = points.easting and fire_callouts.northing_rounded = points.northing
    left join wards on coalesce(points.ward_code, fire_callouts.ward_code) = wards.ward_code
),

-- An attendance has no reference: its key is that of the delivered row.
health_records as (
    select
        {{ surrogate_key([
            'lower(service)', "coalesce(incident_reference, delivery_id || '/' || row_number)",
        ]) }} as callout_key,
        delivery_id,
        service,
        source,
        called_at,
        arrived_at,
        cast(called_at as date) as call_date,
        borough_code,
        ward_code,
        lsoa_2011_code,
        lsoa_2021_code,
        incident_group,
        stop_code,
        location_type as property_category,
        is_public_place,
        is_licensed_premises,
        age_low,
        age_high,
        patient_sex,
        residence_category,
        residence_borough_code,
        false as is_animal_rescue,
        is_assault,
        is_alcohol_related,
        is_weapon,
        is_sharp_weapon,
        is_conveyed,
        is_in_agreed_extract,
        is_partial_scope,
        data_origin,
        published_on
    from health_callouts
),

callouts as (
    select * from fire_records
    union all by name
    select * from health_records
)

select
    -- keys
    callouts.callout_key,
    callouts.delivery_id,
    callouts.incident_ref_lfb,
    callouts.service,
    callouts.source,
    contracts.source_id,

    -- when and where
    callouts.called_at,
    callouts.arrived_at,
    callouts.call_date,
    cast(date_trunc('month', callouts.call_date) as date) as call_month,
    cast(hour(callouts.called_at) as integer) as call_hour,
    callouts.borough_code,
    callouts.ward_code,
    callouts.lsoa_2011_code,
    callouts.lsoa_2021_code,

    -- what
    callouts.incident_group,
    callouts.stop_code,
    callouts.special_service_type,
    callouts.property_category,

    -- who
    cast(callouts.age_low as integer) as age_low,
    cast(callouts.age_high as integer) as age_high,
    callouts.patient_sex,
    callouts.residence_category,
    callouts.residence_borough_code,

    -- flags
    callouts.is_animal_rescue,
    callouts.is_false_alarm,
    callouts.is_assault,
    callouts.is_alcohol_related,
    callouts.is_weapon,
    callouts.is_sharp_weapon,
    callouts.is_public_place,
    callouts.is_licensed_premises,
    callouts.is_conveyed,
    callouts.is_in_agreed_extract,
    callouts.is_partial_scope,
    callouts.data_origin,
    callouts.published_on as as_at_date
from callouts
left join contracts on callouts.source = contracts.source
