-- Gathered cases with codes of the reference lists, and with persons by role: whom a role makes a complainant
-- or an alleged perpetrator is one, whether the file has a column for it or names one person and a role.
with

cases as (
    select * from {{ ref('int_asb_cases__gathered') }}
),

categories as (
    select * from {{ ref('asb_case_categories') }}
),

risks as (
    select * from {{ ref('asb_risk_levels') }}
),

roles as (
    select * from {{ ref('asb_person_roles') }}
),

bodies as (
    select * from {{ ref('asb_bodies') }}
),

landlords as (
    select * from {{ ref('social_landlords') }}
),

reasons as (
    select * from {{ ref('asb_case_review_reasons') }}
),

thresholds as (
    select * from {{ ref('asb_case_review_thresholds') }}
),

notice_types as (
    select * from {{ ref('police_asb_enforcement_types') }}
),

notice_reasons as (
    select * from {{ ref('police_asb_enforcement_reasons') }}
),

ward_names as (
    select * from {{ ref('int_asb__ward_names') }}
),

wards as (
    select * from {{ ref('int_geography__wards') }}
),

decoded as (
    select
        cases.*,
        categories.asb_category_code as category_code,
        categories.may_be_crime,
        risks.risk_level_code,
        coalesce(wards.ward_code, ward_names.ward_code) as ward_code,
        landlords.landlord_code,
        landlords.is_social as is_social_housing,
        bodies.body_code as lead_agency_code,
        roles.role_code as person_role_code,
        roles.is_harmed,
        roles.role_code in ('alleged_perpetrator', 'victim_and_perpetrator') as is_alleged,
        reasons.reason_code as decision_reason_code,
        reasons.counts_as_application as reason_counts_as_application,
        thresholds.threshold_basis_code,
        notice_types.notice_code,
        notice_reasons.reason_code as notice_reason_code
    from cases
    left join categories on lower(cases.category_given) = lower(categories.supplier_category)
    left join risks on lower(cases.risk_given) = lower(risks.risk_level)
    left join roles on lower(cases.role_given) = lower(roles.role)
    left join bodies on lower(cases.lead_agency) = lower(bodies.body_name)
    left join landlords on lower(cases.landlord) = lower(landlords.landlord_name)
    left join reasons on lower(cases.decision_reason) = lower(reasons.reason)
    left join thresholds on lower(cases.threshold_basis) = lower(thresholds.threshold_basis)
    left join notice_types on lower(cases.notice_type) = lower(notice_types.notice_name)
    left join notice_reasons on lower(cases.notice_reason) = lower(notice_reasons.reason_name)
    left join ward_names
        on regexp_replace(upper(cases.ward_name), '[^A-Z0-9]+', '', 'g') = ward_names.name_key
    left join wards on cases.ward_code_given = wards.ward_code
)

select
    * exclude (
        category_given, risk_given, uprn_given, ward_name, ward_code_given, landlord, lead_agency, role_given,
        is_harmed, is_alleged, complainant_given, perpetrator_given, subject_given, complainant_birth_date,
        perpetrator_birth_date, subject_birth_date, complainant_sex_given, perpetrator_sex_given,
        subject_sex_given, decision, decision_reason, reason_counts_as_application, threshold_basis,
        notice_type, notice_reason
    ),
    nullif(ltrim(regexp_replace(uprn_given, '[^0-9]', '', 'g'), '0'), '') as uprn,
    nullif(upper(trim(subject_given)), '') as subject_ref,
    nullif(upper(trim(coalesce(complainant_given, case when is_harmed then subject_given end))), '')
        as complainant_ref,
    nullif(upper(trim(coalesce(perpetrator_given, case when is_alleged then subject_given end))), '')
        as perpetrator_ref,
    date_sub('year', complainant_birth_date, opened_date) as complainant_age_by_birth,
    date_sub('year', perpetrator_birth_date, opened_date) as perpetrator_age_by_birth,
    date_sub('year', subject_birth_date, opened_date) as subject_age_by_birth,
    case upper(left(trim(complainant_sex_given), 1)) when 'M' then 'M' when 'F' then 'F' end
        as complainant_sex,
    case upper(left(trim(perpetrator_sex_given), 1)) when 'M' then 'M' when 'F' then 'F' end
        as perpetrator_sex,
    case upper(left(trim(subject_sex_given), 1)) when 'M' then 'M' when 'F' then 'F' end as subject_sex,
    lower(replace(decision, ' ', '_')) as decision_code,
    case
        when case_type = 'case_review' then coalesce(reason_counts_as_application, true)
    end as counts_as_application
from decoded
