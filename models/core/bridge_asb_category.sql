-- The categories of an incident or case. They overlap: never add them up.
with

incidents as (
    select * from {{ ref('fct_asb_incidents') }}
),

cases as (
    select * from {{ ref('fct_asb_cases') }}
),

screened_cases as (
    select * from {{ ref('int_asb_cases__screened') }}
    where fate = 'kept' and all_categories_given is not null
),

nsir_categories as (
    select * from {{ ref('nsir_asb_categories') }}
),

case_categories as (
    select * from {{ ref('asb_case_categories') }}
),

notice_reasons as (
    select * from {{ ref('police_asb_enforcement_reasons') }}
),

noise_types as (
    select * from {{ ref('noise_complaint_types') }}
),

category_names as (
    select distinct
        asb_category_code,
        asb_category_name
    from case_categories
),

listed as (
    select
        {{ pseudonym(['agency', 'source', 'row_ref']) }} as case_row_key,
        trim(unnest(string_split(all_categories_given, ';'))) as supplier_category
    from screened_cases
),

case_codes as (
    select
        case_row_key,
        category_code,
        true as is_main
    from cases
    where category_code is not null
    union all
    select
        listed.case_row_key,
        case_categories.asb_category_code as category_code,
        false as is_main
    from listed
    inner join case_categories on lower(listed.supplier_category) = lower(case_categories.supplier_category)
),

memberships as (
    select
        incidents.incident_key,
        cast(null as varchar) as case_row_key,
        'nsir_qualifier' as scheme,
        nsir_categories.category_code,
        nsir_categories.category_name,
        false as is_main
    from incidents
    inner join nsir_categories on incidents.qualifier_code = nsir_categories.category_code
    union all
    select
        incidents.incident_key,
        null as case_row_key,
        'mps_heading' as scheme,
        nsir_categories.category_code,
        nsir_categories.category_name,
        true as is_main
    from incidents
    inner join nsir_categories on incidents.category_code = nsir_categories.category_code
    where incidents.incident_type = 'police_call'
    union all
    select
        incidents.incident_key,
        null as case_row_key,
        'noise_type' as scheme,
        noise_types.noise_type_code as category_code,
        noise_types.noise_type as category_name,
        true as is_main
    from incidents
    inner join noise_types on incidents.category_code = noise_types.noise_type_code
    where incidents.incident_type = 'noise_complaint'
    union all
    -- The main category stands in the list of all as well: it is one membership.
    select
        null as incident_key,
        case_codes.case_row_key,
        'asb_case' as scheme,
        case_codes.category_code,
        category_names.asb_category_name as category_name,
        bool_or(case_codes.is_main) as is_main
    from case_codes
    inner join category_names on case_codes.category_code = category_names.asb_category_code
    group by case_codes.case_row_key, case_codes.category_code, category_names.asb_category_name
    union all
    select
        null as incident_key,
        cases.case_row_key,
        'notice_reason' as scheme,
        notice_reasons.reason_code as category_code,
        notice_reasons.reason_name as category_name,
        true as is_main
    from cases
    inner join notice_reasons on cases.notice_reason_code = notice_reasons.reason_code
)

select
    {{ surrogate_key(['incident_key', 'case_row_key', 'scheme', 'category_code']) }} as asb_category_key,
    *
from memberships
