-- Police calls and noise complaints in one layout.
with

calls as (
    select * from {{ ref('stg_mps_asb__calls') }}
),

noise as (
    select * from {{ ref('stg_wcc_asb__noise_complaints') }}
),

headings as (
    select * from {{ ref('nsir_asb_categories') }}
),

noise_types as (
    select * from {{ ref('noise_complaint_types') }}
),

noise_subtypes as (
    select * from {{ ref('noise_complaint_subtypes') }}
),

boroughs as (
    select * from {{ ref('borough_names') }}
),

ward_names as (
    select * from {{ ref('int_asb__ward_names') }}
),

incidents as (
    select
        -- ids
        calls.delivery_id,
        calls.row_number,
        'mps_cad_asb' as source,
        'mps_asb' as agency,
        calls.cad_ref as incident_ref,
        calls.complainant_key as complainant_given,
        'complainant_key' as complainant_field,
        calls.perpetrator_key as perpetrator_given,
        'perpetrator_key' as perpetrator_field,

        -- what
        'police_call' as incident_type,
        headings.category_code,
        qualifiers.category_code as qualifier_code,
        calls.result as outcome,

        -- places
        calls.borough_name as scope_area,
        boroughs.borough_code,
        calls.ward_code,
        calls.lsoa_2011_code,
        calls.uprn as uprn_given,
        'uprn' as location_field,

        -- times
        calls.called_at as reported_at,

        -- flags
        true as is_asb,
        true as may_be_asb,
        calls.is_repeat_caller as is_repeat_complainant_stated
    from calls
    left join boroughs
        on regexp_replace(upper(trim(calls.borough_name)), '[^A-Z0-9]+', ' ', 'g') = boroughs.name_key
    left join headings
        on
            lower(calls.sub_category) = lower(headings.category_name)
            and headings.category_level = 'mps_heading'
    left join headings as qualifiers
        on
            lower(calls.qualifier) = lower(qualifiers.category_name)
            and qualifiers.category_level = 'qualifier'

    union all by name

    select
        -- ids
        noise.delivery_id,
        noise.row_number,
        'noise_complaint' as source,
        'noise' as agency,
        noise.sr_ref as incident_ref,
        noise.complainant_ref as complainant_given,
        'complainant_ref' as complainant_field,

        -- what
        'noise_complaint' as incident_type,
        noise_types.noise_type_code as category_code,
        noise_subtypes.noise_subtype_code as subcategory_code,
        noise.outcome,

        -- places
        '{{ var("partnership_borough_code") }}' as borough_code,
        ward_names.ward_code,
        noise.location_uprn as uprn_given,
        noise.location as place_given,
        noise.location_postcode as postcode_given,
        'location' as location_field,

        -- times
        noise.received_at as reported_at,
        noise.closed_at,

        -- flags
        noise.is_asb,
        noise_types.may_be_asb,
        noise.is_statutory_nuisance,
        noise.is_visited
    from noise
    left join noise_types on lower(noise.noise_type) = lower(noise_types.noise_type)
    left join noise_subtypes on lower(noise.noise_subtype) = lower(noise_subtypes.noise_subtype)
    left join ward_names
        on regexp_replace(upper(noise.ward_name), '[^A-Z0-9]+', '', 'g') = ward_names.name_key
)

select
    * exclude (complainant_given, perpetrator_given, uprn_given, place_given, postcode_given),
    -- Written as int_persons__records writes them, so that one person has one key.
    nullif(upper(trim(complainant_given)), '') as complainant_ref,
    nullif(upper(trim(perpetrator_given)), '') as perpetrator_ref,
    nullif(ltrim(regexp_replace(uprn_given, '[^0-9]', '', 'g'), '0'), '') as uprn,
    nullif(trim(regexp_replace(upper(strip_accents(place_given)), '[^A-Z0-9]+', ' ', 'g')), '') as place_text,
    nullif(regexp_replace(upper(postcode_given), '[^A-Z0-9]', '', 'g'), '') as postcode
from incidents
