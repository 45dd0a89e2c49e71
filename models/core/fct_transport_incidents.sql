with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

incidents as (
    select * from {{ ref('int_transport__screened') }}
    where fate = 'kept'
),

police_groups as (
    select * from {{ ref('btp_offence_groups') }}
),

transport_types as (
    select * from {{ ref('tfl_incident_types') }}
),

offence_codes as (
    select * from {{ ref('home_office_offence_codes') }}
),

lsoas as (
    select * from {{ ref('int_geography__lsoas') }}
),

wards as (
    select * from {{ ref('int_geography__wards') }}
),

-- BTP writes class and subclass (105/01). A class that lies in one of our offence classes whole has it for
-- sure.
class_offences as (
    select
        regexp_extract(home_office_code, '^\d+') as class_number,
        min(offence_code) as offence_code
    from offence_codes
    group by class_number
    having count(distinct offence_code) = 1 and count(*) = count(offence_code)
),

timed as (
    select
        *,
        {{ is_time_uncertain('occurred_from_at', 'occurred_to_at') }} as is_time_uncertain
    from incidents
)

select
    -- keys
    {{ surrogate_key(['timed.source', 'timed.incident_reference']) }} as transport_incident_key,
    timed.delivery_id,
    timed.source,
    contracts.source_id,
    timed.service,

    -- what
    timed.incident_type,
    coalesce(police_groups.is_theft, transport_types.incident_group = 'theft', false) as is_theft,
    coalesce(police_groups.is_theft_of_passenger_property, false) as is_theft_of_passenger_property,
    coalesce(police_groups.is_violence, transport_types.incident_group = 'violence', false) as is_violence,
    coalesce(transport_types.incident_group, 'crime') as incident_group,
    timed.home_office_code,
    coalesce(offence_codes.offence_code, class_offences.offence_code) as offence_code,
    timed.outcome,

    -- when and where
    timed.counted_date as incident_date,
    cast(date_trunc('month', timed.counted_date) as date) as incident_month,
    timed.recorded_date,
    timed.occurred_from_at,
    timed.occurred_to_at,
    case when not timed.is_time_uncertain then cast(hour(timed.occurred_from_at) as integer) end
        as occurred_hour,
    timed.station_name,
    timed.location_type,
    coalesce(wards.borough_code, lsoas_2021.borough_code, lsoas_2011.borough_code) as borough_code,
    coalesce(wards.ward_code, lsoas_2021.ward_code, lsoas_2011.ward_code) as ward_code,
    lsoas_2011.lsoa_code as lsoa_2011_code,
    lsoas_2021.lsoa_code as lsoa_2021_code,
    coalesce(lsoas_2021.stable_area_code, lsoas_2011.stable_area_code) as stable_area_code,

    -- flags
    timed.is_time_uncertain,
    case
        when not timed.is_time_uncertain
            then hour(timed.occurred_from_at) >= 18 or hour(timed.occurred_from_at) < 6
    end as is_night_time_economy,
    timed.is_injury,
    timed.is_reported_to_police,
    timed.is_partial_scope,
    timed.data_origin,
    timed.published_on as as_at_date
from timed
left join police_groups on timed.source = 'btp_incident' and timed.incident_type = police_groups.offence_group
left join
    transport_types
    on timed.source = 'tfl_incident' and timed.incident_type = transport_types.incident_type
left join offence_codes
    on regexp_replace(upper(ltrim(timed.home_office_code, '0')), '/00$', '') = offence_codes.home_office_code
left join class_offences
    on regexp_extract(ltrim(timed.home_office_code, '0'), '^(\d+)/', 1) = class_offences.class_number
left join wards on timed.ward_code = wards.ward_code
left join lsoas as lsoas_2011 on lsoas_2011.vintage = '2011' and timed.lsoa_code = lsoas_2011.lsoa_code
left join lsoas as lsoas_2021 on lsoas_2021.vintage = '2021' and timed.lsoa_code = lsoas_2021.lsoa_code
left join contracts on timed.source = contracts.source
