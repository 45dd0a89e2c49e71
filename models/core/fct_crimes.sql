with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

crimes as (
    select * from {{ ref('int_crimes__placed') }}
),

crime_types as (
    select * from {{ ref('police_uk_crime_types') }}
),

outcomes as (
    select * from {{ ref('police_uk_outcomes') }}
)

select
    -- keys
    {{ surrogate_key([
        "'police_uk'", 'crimes.reported_by',
        'coalesce(crimes.crime_id, crimes.delivery_id || crimes.row_number)',
    ]) }} as crime_key,
    crimes.delivery_id,
    crimes.crime_id as crime_ref_police_uk,
    'police_uk_street' as source,
    contracts.source_id,

    -- what
    crimes.crime_type,
    crime_types.offence_group,
    crime_types.offence_code,
    coalesce(crime_types.is_crime, true) as is_crime,
    crimes.last_outcome,
    outcomes.outcome_group,
    outcomes.is_positive_outcome,
    outcomes.is_final as is_outcome_final,

    -- when and where
    crimes.month as recorded_month,
    coalesce(crimes.reported_by, 'Unknown') as force_name,
    crimes.borough_code,
    crimes.ward_code,
    crimes.lsoa_2011_code,
    crimes.lsoa_2021_code,
    crimes.stable_area_code,
    crimes.lsoa_code as lsoa_code_given,
    crimes.longitude,
    crimes.latitude,

    -- flags
    crimes.is_partial_scope,
    crimes.data_origin,
    crimes.published_on as as_at_date
from crimes
left join crime_types on crimes.crime_type = crime_types.crime_type
left join outcomes on crimes.last_outcome = outcomes.outcome
left join contracts on 'police_uk_street' = contracts.source
