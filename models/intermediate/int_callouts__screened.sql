-- Every delivered fire brigade record with its fate: one per incident number, the incident file before the
-- animal rescue file (which repeats some of its incidents), then the latest publication.
with

incidents as (
    select * from {{ ref('stg_lfb__incidents') }}
),

rescues as (
    select * from {{ ref('stg_lfb__animal_rescues') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

incident_records as (
    select
        delivery_id,
        row_number,
        incident_number,
        call_date + (call_time - date_trunc('day', call_time)) as called_at,
        call_date,
        incident_group,
        stop_code,
        special_service_type,
        property_category,
        ward_code,
        borough_code,
        easting_rounded,
        northing_rounded,
        'lfb_incident' as source,
        false as is_animal_rescue,
        1 as preference
    from incidents
),

rescue_records as (
    select
        delivery_id,
        row_number,
        incident_number,
        called_at,
        date_trunc('day', called_at) as call_date,
        incident_type as incident_group,
        special_service_category as stop_code,
        special_service_type,
        property_category,
        ward_code,
        borough_code,
        easting_rounded,
        northing_rounded,
        'lfb_animal_rescue' as source,
        true as is_animal_rescue,
        2 as preference
    from rescues
),

records as (
    select * from incident_records
    union all
    select * from rescue_records
),

ranked as (
    select
        records.*,
        deliveries.published_on,
        deliveries.data_origin,
        bool_or(records.is_animal_rescue) over incident as is_in_animal_rescues,
        row_number() over (
            partition by records.incident_number
            order by
                records.preference asc, deliveries.published_on desc, records.delivery_id desc,
                records.row_number desc
        ) as place
    from records
    inner join deliveries on records.delivery_id = deliveries.delivery_id
    window incident as (partition by records.incident_number)
)

select
    * exclude (place, preference, is_animal_rescue, is_in_animal_rescues),
    is_in_animal_rescues as is_animal_rescue,
    case when place = 1 then 'kept' else 'repeated_incident_number' end as fate
from ranked
