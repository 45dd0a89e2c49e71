-- Crime reports of the police in the form of fct_crimes. The exact place stays behind: a crime has areas, and
-- a property a key.
with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

crimes as (
    select * from {{ ref('int_crimes__cris_screened') }}
    where fate = 'kept'
),

class_names as (
    select * from {{ ref('offence_class_names') }}
),

classes as (
    select * from {{ ref('offence_classes') }}
),

outcomes as (
    select * from {{ ref('home_office_outcomes') }}
),

venues as (
    select * from {{ ref('cris_venue_types') }}
),

boroughs as (
    select * from {{ ref('borough_names') }}
),

lsoas as (
    select * from {{ ref('int_geography__lsoas') }}
),

wards as (
    select * from {{ ref('int_geography__wards') }}
),

boundaries as (
    select * from {{ ref('int_geography__boundaries') }}
),

points as (
    select distinct
        easting,
        northing,
        st_transform(st_point(easting, northing), 'EPSG:27700', 'EPSG:4326', always_xy := true) as point
    from crimes
    where easting is not null and northing is not null
),

-- A point on a shared edge goes to the smaller code, so that it is always the same.
placed_points as (
    select
        points.easting,
        points.northing,
        min(boundaries.area_code) filter (
            boundaries.area_type = 'lsoa' and boundaries.geography_vintage = '2011'
        ) as lsoa_2011_code,
        min(boundaries.area_code) filter (
            boundaries.area_type = 'lsoa' and boundaries.geography_vintage = '2021'
        ) as lsoa_2021_code,
        min(boundaries.area_code) filter (boundaries.area_type = 'ward') as ward_code
    from points
    inner join boundaries on st_intersects(boundaries.outline, points.point)
    group by points.easting, points.northing
),

-- A code of 2011 that was split cannot be resolved without a point: it then has no code of 2021.
placed as (
    select
        crimes.*,
        coalesce(placed_points.lsoa_2011_code, as_2011.lsoa_code) as place_lsoa_2011_code,
        coalesce(placed_points.lsoa_2021_code, same_in_2021.lsoa_code) as place_lsoa_2021_code,
        coalesce(wards.ward_code, placed_points.ward_code, as_2011.ward_code) as place_ward_code,
        as_2011.stable_area_code as given_stable_area_code
    from crimes
    left join placed_points
        on crimes.easting = placed_points.easting and crimes.northing = placed_points.northing
    left join wards on crimes.ward_code = wards.ward_code
    left join lsoas as as_2011 on as_2011.vintage = '2011' and crimes.lsoa_2011_code = as_2011.lsoa_code
    left join lsoas as same_in_2021
        on
            same_in_2021.vintage = '2021'
            and as_2011.lsoa_code = same_in_2021.lsoa_code
            and as_2011.change_indicator = 'U'
)

select
    -- keys
    placed.crime_key,
    placed.delivery_id,
    try_cast(null as varchar) as crime_ref_police_uk,
    'cris_crime' as source,
    contracts.source_id,

    -- what
    try_cast(null as varchar) as crime_type,
    classes.offence_group,
    classes.offence_code,
    true as is_crime,
    outcomes.outcome_name as last_outcome,
    outcomes.outcome_group,
    -- A sanction detection is a positive outcome; without one and without a code it is not known.
    case
        when placed.is_sanction_detection then true
        when outcomes.is_assigned then outcomes.is_positive_outcome
        when outcomes.outcome_code is not null then false
    end as is_positive_outcome,
    case when placed.is_sanction_detection then true else outcomes.is_assigned end as is_outcome_final,

    -- when and where
    try_cast(date_trunc('month', placed.recorded_at) as date) as recorded_month,
    'Metropolitan Police Service' as force_name,
    boroughs.borough_code,
    placed.place_ward_code as ward_code,
    placed.place_lsoa_2011_code as lsoa_2011_code,
    placed.place_lsoa_2021_code as lsoa_2021_code,
    coalesce(stable_2021.stable_area_code, stable_2011.stable_area_code, placed.given_stable_area_code)
        as stable_area_code,
    placed.lsoa_2011_code as lsoa_code_given,
    try_cast(null as double) as longitude,
    try_cast(null as double) as latitude,

    -- flags
    placed.is_partial_scope,
    placed.data_origin,
    placed.published_on as as_at_date,

    -- what only crime reports tell
    placed.recorded_at,
    placed.committed_from_at,
    placed.committed_to_at,
    try_cast(coalesce(placed.committed_from_at, placed.recorded_at) as date) as event_date,
    case
        when placed.committed_from_at is not null
            then {{ is_time_uncertain('placed.committed_from_at', 'placed.committed_to_at') }}
    end as is_time_uncertain,
    case
        when placed.committed_from_at is not null
            then hour(placed.committed_from_at) >= 18 or hour(placed.committed_from_at) < 6
    end as is_night_time_economy,
    placed.ho_offence_code,
    placed.is_notifiable,
    placed.is_sanction_detection,
    placed.ho_outcome_code,
    placed.outcome_date,
    venues.venue_code as venue,
    person_hmac('uprn|' || placed.offence_uprn) as location_key
from placed
left join class_names on vault.rules.name_key(placed.minor_class) = class_names.name_key
left join classes on class_names.offence_code = classes.offence_code
left join outcomes on placed.ho_outcome_code = try_cast(outcomes.outcome_code as bigint)
left join venues on placed.venue_type = venues.venue_name
left join boroughs on vault.rules.name_key(placed.borough_name) = boroughs.name_key
left join lsoas as stable_2011
    on stable_2011.vintage = '2011' and placed.place_lsoa_2011_code = stable_2011.lsoa_code
left join lsoas as stable_2021
    on stable_2021.vintage = '2021' and placed.place_lsoa_2021_code = stable_2021.lsoa_code
left join contracts on 'cris_crime' = contracts.source
