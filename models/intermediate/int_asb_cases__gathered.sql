-- Cases of anti-social behaviour in one layout: housing, registered landlords, triage desk, case reviews,
-- police notices, and the persons of E-CINS cases. What a source has no column for is null; `*_field` names
-- the column that a role rests on. References of persons are as int_persons__records has them.
with

housing as (
    select * from {{ ref('stg_wcc_asb__housing_asb_cases') }}
),

landlords as (
    select * from {{ ref('stg_rsl__asb_cases') }}
),

triage as (
    select * from {{ ref('stg_wcc_asb__asb_triage_referrals') }}
),

reviews as (
    select * from {{ ref('stg_wcc_asb__asb_case_reviews') }}
),

notices as (
    select * from {{ ref('stg_mps_asb__enforcement_notices') }}
),

subjects as (
    select * from {{ ref('stg_wcc_asb__ecins_subjects') }}
),

gathered as (
    select
        delivery_id,
        row_number,
        'housing_asb_case' as source,
        'housing' as agency,
        'housing' as case_type,
        case_ref,
        case_ref as row_ref,
        opened_date,
        closed_date,
        lower(case_status) = 'closed' as is_closed,
        category as category_given,
        risk_level as risk_given,
        uprn as uprn_given,
        ward_name,
        'Westminster Housing' as landlord,
        outcome,
        actions,
        reported_to_police as is_reported_to_police,
        complainant_ref as complainant_given,
        'complainant_ref' as complainant_field,
        complainant_birth_date,
        complainant_sex as complainant_sex_given,
        complainant_ethnicity,
        complainant_vulnerability as vulnerability_given,
        is_repeat_complainant as is_repeat_complainant_stated,
        perpetrator_ref as perpetrator_given,
        'perpetrator_ref' as perpetrator_field,
        perpetrator_birth_date,
        perpetrator_sex as perpetrator_sex_given,
        is_repeat_perpetrator as is_repeat_perpetrator_stated
    from housing

    union all by name

    select
        delivery_id,
        row_number,
        'rsl_asb_case' as source,
        lower(regexp_replace(landlord, '[^A-Za-z]+', '_', 'g')) as agency,
        'registered_landlord' as case_type,
        landlord as scope_publisher,
        case_number as case_ref,
        case_number as row_ref,
        reported_date as opened_date,
        closed_date,
        closed_date is not null as is_closed,
        asb_type as category_given,
        risk_level as risk_given,
        uprn as uprn_given,
        ward_name,
        landlord,
        enforcement_action as actions,
        complainant_ref as complainant_given,
        'complainant_ref' as complainant_field,
        complainant_birth_date,
        complainant_sex as complainant_sex_given,
        is_repeat_complainant as is_repeat_complainant_stated,
        perpetrator_ref as perpetrator_given,
        'perpetrator_ref' as perpetrator_field,
        perpetrator_birth_date,
        perpetrator_sex as perpetrator_sex_given,
        is_repeat_perpetrator as is_repeat_perpetrator_stated
    from landlords

    union all by name

    select
        delivery_id,
        row_number,
        'asb_triage_referral' as source,
        'asbteam' as agency,
        'triage' as case_type,
        coalesce(case_ref, referral_ref) as case_ref,
        referral_ref as row_ref,
        referral_date as opened_date,
        closed_date,
        lower(case_status) = 'closed' as is_closed,
        referral_category as category_given,
        case_categories as categories_given,
        priority as risk_given,
        uprn as uprn_given,
        ward_name,
        landlord,
        outcome,
        vulnerability_markers as vulnerability_given,
        person_ref as subject_given,
        person_role as role_given,
        'person_role' as complainant_field,
        'person_role' as perpetrator_field,
        person_birth_date as subject_birth_date,
        person_sex as subject_sex_given
    from triage

    union all by name

    select
        delivery_id,
        row_number,
        'asb_case_review' as source,
        'casereview' as agency,
        'case_review' as case_type,
        application_ref as case_ref,
        application_ref as row_ref,
        application_date as opened_date,
        decision_date as closed_date,
        lower(decision) <> 'pending' as is_closed,
        main_issue as category_given,
        uprn as uprn_given,
        ward_name,
        landlord,
        applicant_ref as complainant_given,
        'applicant_ref' as complainant_field,
        applicant_birth_date as complainant_birth_date,
        applicant_sex as complainant_sex_given,
        decision,
        reason as decision_reason,
        threshold_basis,
        complaints_stated,
        is_known_to_asb_team,
        review_date,
        recommendations_made,
        is_appealed
    from reviews

    union all by name

    select
        delivery_id,
        row_number,
        'asb_enforcement' as source,
        'mps_asb' as agency,
        'enforcement_notice' as case_type,
        notice_ref as case_ref,
        notice_ref as row_ref,
        issued_on as opened_date,
        reason as notice_reason,
        notice_type,
        is_breached,
        ward_code as ward_code_given,
        subject_key as perpetrator_given,
        'subject_key' as perpetrator_field,
        birth_date as perpetrator_birth_date,
        age as perpetrator_age_given,
        sex as perpetrator_sex_given
    from notices

    union all by name

    select
        delivery_id,
        row_number,
        'ecins_subject' as source,
        'ecins' as agency,
        'ecins_subject' as case_type,
        case_ref,
        case_ref || '|' || profile_ref as row_ref,
        added_date as opened_date,
        closed_date,
        closed_date is not null as is_closed,
        case_type as category_given,
        risk_level as risk_given,
        ward_name,
        lead_agency,
        vulnerability as vulnerability_given,
        profile_ref as subject_given,
        role as role_given,
        'role' as complainant_field,
        'role' as perpetrator_field,
        subject_birth_date,
        subject_sex as subject_sex_given,
        subject_ethnicity
    from subjects
)

select * from gathered
