with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

cases as (
    select * from {{ ref('int_asb_cases__screened') }}
    where fate = 'kept'
),

actions as (
    select * from {{ ref('int_asb_cases__actions') }}
),

repeats as (
    select * from {{ ref('int_asb__repeat_persons') }}
),

thresholds as (
    select * from {{ ref('int_asb_case_reviews__thresholds') }}
),

person_keys as (
    select * from {{ ref('int_persons__keys') }}
),

wards as (
    select * from {{ ref('int_geography__wards') }}
)

select
    -- keys
    {{ pseudonym(['cases.agency', 'cases.source', 'cases.row_ref']) }} as case_row_key,
    {{ pseudonym(['cases.agency', 'cases.source', 'cases.case_ref']) }} as case_key,
    cases.delivery_id,
    cases.source,
    contracts.source_id,
    cases.agency,

    -- what
    cases.case_type,
    cases.category_code,
    cases.may_be_crime,
    cases.risk_level_code,
    cases.landlord_code,
    cases.lead_agency_code,
    cases.notice_code,
    cases.notice_reason_code,
    cases.outcome,
    actions.action_codes,

    -- when and where
    cases.opened_date,
    cast(date_trunc('month', cases.opened_date) as date) as opened_month,
    cases.closed_date,
    cast(date_diff('day', cases.opened_date, cases.closed_date) as integer) as days_to_close,
    wards.borough_code,
    wards.ward_code,
    case when cases.uprn is not null then {{ pseudonym(["'uprn'", 'cases.uprn']) }} end as location_key,

    -- persons
    cases.person_role_code,
    {{ person_pseudonym('cases.agency', 'cases.subject_ref') }} as person_key_agency,
    subject_keys.person_key,
    cast(cases.subject_age_by_birth as integer) as person_age,
    cases.subject_sex as person_sex,
    cases.vulnerability_given as vulnerability,
    complainants.person_key_agency as complainant_person_key_agency,
    complainant_keys.person_key as complainant_person_key,
    cast(cases.complainant_age_by_birth as integer) as complainant_age,
    cases.complainant_sex,
    cases.complainant_ethnicity,
    perpetrators.person_key_agency as perpetrator_person_key_agency,
    perpetrator_keys.person_key as perpetrator_person_key,
    cast(coalesce(cases.perpetrator_age_by_birth, cases.perpetrator_age_given) as integer) as perpetrator_age,
    cases.perpetrator_sex,

    -- repeats
    complainants.earlier_events_365d as complainant_earlier_cases_365d,
    complainants.lookback_days as complainant_lookback_days,
    complainants.status as repeat_complainant_status,
    complainants.is_repeat as is_repeat_complainant,
    cases.is_repeat_complainant_stated,
    perpetrators.earlier_events_365d as perpetrator_earlier_cases_365d,
    perpetrators.lookback_days as perpetrator_lookback_days,
    perpetrators.status as repeat_perpetrator_status,
    perpetrators.is_repeat as is_repeat_perpetrator,
    cases.is_repeat_perpetrator_stated,

    -- case reviews
    cases.counts_as_application,
    cases.decision_code,
    cases.decision_reason_code,
    cases.threshold_basis_code,
    cases.review_date,
    cast(cases.recommendations_made as integer) as recommendations_made,
    cast(cases.complaints_stated as integer) as complaints_stated,
    thresholds.complaints_delivered,
    thresholds.qualifying_complaints,
    thresholds.unjudged_complaints,
    thresholds.most_complaints_in_six_months,
    thresholds.is_s104_threshold_met,
    coalesce(thresholds.s104_threshold_status, 'not_applicable') as s104_threshold_status,
    thresholds.is_local_threshold_met,
    coalesce(thresholds.local_threshold_status, 'not_applicable') as local_threshold_status,
    cases.is_appealed,

    -- flags
    cases.is_counted_as_case,
    cases.is_closed,
    cases.is_social_housing,
    cases.is_reported_to_police,
    actions.has_legal_action,
    cases.is_breached,
    cases.fields_not_supplied,
    cases.data_origin,
    cases.published_on as as_at_date
from cases
left join contracts on cases.source = contracts.source
left join wards on cases.ward_code = wards.ward_code
left join actions on cases.delivery_id = actions.delivery_id and cases.row_number = actions.row_number
left join thresholds
    on cases.delivery_id = thresholds.delivery_id and cases.row_number = thresholds.row_number
left join repeats as complainants
    on
        cases.delivery_id = complainants.delivery_id
        and cases.row_number = complainants.row_number
        and complainants.role = 'complainant'
left join repeats as perpetrators
    on
        cases.delivery_id = perpetrators.delivery_id
        and cases.row_number = perpetrators.row_number
        and perpetrators.role = 'perpetrator'
left join person_keys as subject_keys
    on {{ person_pseudonym('cases.agency', 'cases.subject_ref') }} = subject_keys.own_key
left join person_keys as complainant_keys on complainants.person_key_agency = complainant_keys.own_key
left join person_keys as perpetrator_keys on perpetrators.person_key_agency = perpetrator_keys.own_key
