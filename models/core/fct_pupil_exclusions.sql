with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

exclusions as (
    select * from {{ ref('int_exclusions__screened') }}
    where fate = 'kept'
),

types as (
    select * from {{ ref('exclusion_types') }}
),

phases as (
    select * from {{ ref('school_phases') }}
),

sen_statuses as (
    select * from {{ ref('sen_statuses') }}
)

select
    -- keys
    {{ surrogate_key(['exclusions.delivery_id', 'exclusions.row_number']) }} as exclusion_key,
    exclusions.person_key,
    exclusions.delivery_id,
    'exclusion' as source,
    contracts.source_id,

    -- what
    exclusions.exclusion_type as exclusion_type_code,
    types.type_name as exclusion_type_name,
    coalesce(types.is_permanent, false) as is_permanent,

    -- when and where
    exclusions.started_on as started_date,
    cast(date_trunc('month', exclusions.started_on) as date) as started_month,
    exclusions.academic_year_start,
    exclusions.school_name,
    exclusions.school_phase,
    phases.is_secondary,
    exclusions.residence_category,
    exclusions.home_borough_code as residence_borough_code,
    exclusions.ward_code,
    exclusions.ward_name as ward_name_given,
    exclusions.ward_match,

    -- who
    cast(exclusions.age as integer) as age,
    exclusions.year_group,
    exclusions.sex,
    exclusions.is_sex_supplied,
    exclusions.sen_status,
    sen_statuses.has_sen,

    -- measures
    exclusions.session_count / 2.0 as days_out_of_school,

    -- flags
    exclusions.is_partial_scope,
    exclusions.data_origin,
    exclusions.published_on as as_at_date
from exclusions
left join types on exclusions.exclusion_type = types.exclusion_type
left join phases on exclusions.school_phase = phases.phase
left join sen_statuses on exclusions.sen_status = sen_statuses.sen_status
left join contracts on 'exclusion' = contracts.source
