-- Crimes of the street-level files and crime reports of the police, side by side. Both hold the same
-- crimes: a figure takes one source and never adds them up.
with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

street_crimes as (
    select * from {{ ref('int_crimes__placed') }}
),

crime_reports as (
    select * from {{ ref('int_crimes__cris') }}
),

crime_types as (
    select * from {{ ref('police_uk_crime_types') }}
),

outcomes as (
    select * from {{ ref('police_uk_outcomes') }}
),

street as (
    select
        -- keys
        {{ surrogate_key([
            "'police_uk'", 'street_crimes.reported_by',
            'coalesce(street_crimes.crime_id, street_crimes.delivery_id || street_crimes.row_number)',
        ]) }} as crime_key,
        street_crimes.delivery_id,
        street_crimes.crime_id as crime_ref_police_uk,
        'police_uk_street' as source,
        contracts.source_id,

        -- what
        street_crimes.crime_type,
        crime_types.offence_group,
        crime_types.offence_code,
        coalesce(crime_types.is_crime, true) as is_crime,
        street_crimes.last_outcome,
        outcomes.outcome_group,
        outcomes.is_positive_outcome,
        outcomes.is_final as is_outcome_final,

        -- when and where
        street_crimes.month as recorded_month,
        coalesce(street_crimes.reported_by, 'Unknown') as force_name,
        street_crimes.borough_code,
        street_crimes.ward_code,
        street_crimes.lsoa_2011_code,
        street_crimes.lsoa_2021_code,
        street_crimes.stable_area_code,
        street_crimes.lsoa_code as lsoa_code_given,
        street_crimes.longitude,
        street_crimes.latitude,

        -- flags
        street_crimes.is_partial_scope,
        street_crimes.data_origin,
        street_crimes.published_on as as_at_date
    from street_crimes
    left join crime_types on street_crimes.crime_type = crime_types.crime_type
    left join outcomes on street_crimes.last_outcome = outcomes.outcome
    left join contracts on 'police_uk_street' = contracts.source
),

crimes as (
    select * from street
    union all by name
    select * from crime_reports
)

select
    -- keys
    crime_key,
    delivery_id,
    crime_ref_police_uk,
    source,
    source_id,

    -- what
    crime_type,
    offence_group,
    offence_code,
    ho_offence_code,
    is_crime,
    is_notifiable,
    last_outcome,
    outcome_group,
    cast(ho_outcome_code as integer) as ho_outcome_code,
    outcome_date,
    is_positive_outcome,
    is_sanction_detection,
    is_outcome_final,

    -- when and where
    recorded_month,
    recorded_at,
    committed_from_at,
    committed_to_at,
    event_date,
    is_time_uncertain,
    is_night_time_economy,
    force_name,
    borough_code,
    ward_code,
    lsoa_2011_code,
    lsoa_2021_code,
    stable_area_code,
    lsoa_code_given,
    longitude,
    latitude,
    venue,
    location_key,

    -- flags
    is_partial_scope,
    data_origin,
    as_at_date
from crimes
