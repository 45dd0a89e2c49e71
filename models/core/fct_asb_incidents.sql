with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

incidents as (
    select * from {{ ref('int_asb_incidents__screened') }}
    where fate = 'kept'
),

locations as (
    select * from {{ ref('int_asb_incidents__repeat_locations') }}
),

repeats as (
    select * from {{ ref('int_asb__repeat_persons') }}
),

person_keys as (
    select * from {{ ref('int_persons__keys') }}
),

wards as (
    select * from {{ ref('int_geography__wards') }}
),

lsoas as (
    select * from {{ ref('int_geography__lsoas') }}
    where vintage = '2011'
),

unchanged_lsoas as (
    select * from {{ ref('int_geography__lsoa_pairs') }}
    where change_indicator = 'U'
),

timed as (
    select
        *,
        list_contains(string_split(fields_not_supplied, ','), 'qualifier') as lacks_qualifier,
        list_contains(string_split(fields_not_supplied, ','), 'is_asb') as lacks_is_asb,
        cast(reported_at as date) as reported_date,
        cast(hour(reported_at) as integer) as reported_hour
    from incidents
)

select
    -- keys
    {{ pseudonym(['timed.agency', 'timed.source', 'timed.incident_ref']) }} as incident_key,
    timed.delivery_id,
    timed.source,
    contracts.source_id,

    -- what
    timed.incident_type,
    timed.category_code,
    timed.subcategory_code,
    timed.qualifier_code,
    case
        when timed.incident_type <> 'police_call' then 'not_applicable'
        when timed.qualifier_code is not null then 'ok'
        when timed.lacks_qualifier then 'not_supplied'
        else 'not_recorded'
    end as qualifier_status,
    timed.outcome,

    -- when and where
    timed.reported_at,
    timed.reported_date,
    cast(date_trunc('month', timed.reported_date) as date) as reported_month,
    timed.reported_hour,
    timed.reported_date - case when timed.reported_hour < 6 then 1 else 0 end as night_date,
    timed.closed_at,
    timed.borough_code,
    wards.ward_code,
    lsoas.lsoa_code as lsoa_2011_code,
    unchanged_lsoas.lsoa_2021_code,
    lsoas.stable_area_code,
    locations.location_key,
    locations.location_basis,

    -- persons
    complainants.person_key_agency as complainant_person_key_agency,
    complainant_keys.person_key as complainant_person_key,
    perpetrators.person_key_agency as perpetrator_person_key_agency,
    perpetrator_keys.person_key as perpetrator_person_key,

    -- repeats
    complainants.earlier_events_365d as complainant_earlier_incidents_365d,
    complainants.lookback_days as complainant_lookback_days,
    complainants.status as repeat_complainant_status,
    complainants.is_repeat as is_repeat_complainant,
    timed.is_repeat_complainant_stated,
    perpetrators.earlier_events_365d as perpetrator_earlier_incidents_365d,
    perpetrators.lookback_days as perpetrator_lookback_days,
    perpetrators.status as repeat_perpetrator_status,
    perpetrators.is_repeat as is_repeat_perpetrator,
    locations.location_incidents_365d,
    locations.location_lookback_days,
    locations.repeat_location_status,
    locations.is_repeat_location_3,
    locations.is_repeat_location_10,

    -- flags
    timed.is_asb,
    case
        when timed.is_asb is not null then 'ok'
        when timed.lacks_is_asb then 'not_supplied'
        else 'not_recorded'
    end as is_asb_status,
    timed.may_be_asb,
    timed.is_statutory_nuisance,
    timed.is_visited,
    timed.reported_hour >= 18 or timed.reported_hour < 6 as is_night_time_economy,
    timed.fields_not_supplied,
    timed.data_origin,
    timed.published_on as as_at_date
from timed
left join contracts on timed.source = contracts.source
left join wards on timed.ward_code = wards.ward_code
left join lsoas on timed.lsoa_2011_code = lsoas.lsoa_code
left join unchanged_lsoas on lsoas.lsoa_code = unchanged_lsoas.lsoa_2011_code
left join locations on timed.delivery_id = locations.delivery_id and timed.row_number = locations.row_number
left join repeats as complainants
    on
        timed.delivery_id = complainants.delivery_id
        and timed.row_number = complainants.row_number
        and complainants.role = 'complainant'
left join repeats as perpetrators
    on
        timed.delivery_id = perpetrators.delivery_id
        and timed.row_number = perpetrators.row_number
        and perpetrators.role = 'perpetrator'
left join person_keys as complainant_keys on complainants.person_key_agency = complainant_keys.own_key
left join person_keys as perpetrator_keys on perpetrators.person_key_agency = perpetrator_keys.own_key
