-- Referrals to support or review in one layout. What a source has no column for is null. References of
-- persons are as int_persons__records has them; a family is no person.
with

angelou as (
    select * from {{ ref('stg_domestic_abuse__angelou_referrals') }}
),

marac as (
    select * from {{ ref('stg_domestic_abuse__marac_cases') }}
),

safeguarding as (
    select * from {{ ref('stg_domestic_abuse__safeguarding_concerns') }}
),

igxu as (
    select * from {{ ref('stg_offender_schemes__igxu_persons') }}
),

triage as (
    select * from {{ ref('stg_wcc_asb__asb_triage_referrals') }}
),

modern_slavery as (
    select * from {{ ref('stg_wcc_asb__nrm_referrals') }}
),

families as (
    select * from {{ ref('stg_childrens_services__supporting_families_families') }}
),

gathered as (
    select
        delivery_id,
        row_number,
        'angelou_referral' as source,
        'angelou' as agency,
        'angelou' as referral_type,
        referral_ref,
        client_ref as person_given,
        referred_on as scope_date,
        referred_on as referred_date,
        referral_source,
        abuse_type as category,
        harmful_practice_type,
        lower(trim(client_status)) as client_status,
        lower(trim(case_status)) = 'closed' as is_closed,
        closed_on as closed_date,
        court_stage,
        is_safer_at_exit,
        age_band,
        sex as sex_given,
        self_defined_ethnicity,
        ward_name
    from angelou

    union all by name

    select
        delivery_id,
        row_number,
        'marac_case' as source,
        'marac' as agency,
        'marac' as referral_type,
        case_ref || '|' || strftime(meeting_date, '%Y-%m-%d') as referral_ref,
        victim_ref as person_given,
        perpetrator_ref as perpetrator_given,
        meeting_date as scope_date,
        coalesce(referred_on, meeting_date) as referred_date,
        referred_on is not null as is_referral_date_recorded,
        meeting_date as decided_date,
        referring_agency as referral_source,
        referral_reason,
        relationship,
        dash_score,
        children_count,
        action_count,
        is_repeat as is_repeat_stated,
        is_perpetrator_on_programme,
        victim_age as age_stated,
        victim_sex as sex_given,
        victim_ethnicity as self_defined_ethnicity,
        is_victim_lgbt as is_lgbt,
        is_victim_disabled as is_disabled,
        victim_ward_name as ward_name,
        perpetrator_age,
        perpetrator_sex as perpetrator_sex_given
    from marac

    union all by name

    select
        delivery_id,
        row_number,
        'safeguarding_concern' as source,
        'safeguarding' as agency,
        'safeguarding' as referral_type,
        concern_ref as referral_ref,
        adult_ref as person_given,
        raised_on as scope_date,
        raised_on as referred_date,
        category,
        source_of_risk,
        location as location_type,
        is_domestic_abuse,
        is_crime,
        is_reported_to_police,
        is_cuckooing,
        is_section_42,
        age_band,
        sex as sex_given,
        self_defined_ethnicity,
        ward_name
    from safeguarding

    union all by name

    select
        delivery_id,
        row_number,
        'igxu_person' as source,
        'igxu' as agency,
        'igxu' as referral_type,
        upper(trim(person_ref)) || '|' || strftime(allocated_on, '%Y-%m-%d') as referral_ref,
        person_ref as person_given,
        as_at_date as scope_date,
        as_at_date as register_date,
        referred_on as referred_date,
        allocated_on as decided_date,
        referral_source,
        lower(trim(status)) = 'closed' as is_closed,
        closed_on as closed_date,
        outcome,
        birth_date,
        sex as sex_given,
        self_defined_ethnicity,
        ward_name
    from igxu

    union all by name

    select
        delivery_id,
        row_number,
        'asb_triage_referral' as source,
        'asbteam' as agency,
        'asb_triage' as referral_type,
        referral_ref,
        person_ref as person_given,
        coalesce(case_ref, referral_ref) as case_ref,
        referral_date as scope_date,
        referral_date as referred_date,
        referred_by as referral_source,
        referral_category as category,
        person_role as role_given,
        lower(case_status) = 'closed' as is_closed,
        closed_date,
        outcome,
        person_birth_date as birth_date,
        person_sex as sex_given,
        ward_name
    from triage

    union all by name

    -- The council does not say who the person is.
    select
        delivery_id,
        row_number,
        'nrm_referral' as source,
        'nrm' as agency,
        'nrm' as referral_type,
        referral_ref,
        submitted_date as scope_date,
        submitted_date as referred_date,
        submitted_by as referral_source,
        referral_type as referral_reason,
        exploitation_type as category,
        reasonable_grounds,
        conclusive_grounds,
        age_group as age_band,
        sex as sex_given
    from modern_slavery

    union all by name

    select
        delivery_id,
        row_number,
        'supporting_families_family' as source,
        'supporting_families' as agency,
        'supporting_families' as referral_type,
        upper(trim(family_ref)) as referral_ref,
        upper(trim(family_ref)) as family_ref,
        as_at_date as scope_date,
        as_at_date as register_date,
        opened_on as referred_date,
        framework_version,
        meets_crime_asb,
        meets_school_attendance,
        meets_children_in_need,
        meets_worklessness,
        meets_domestic_abuse,
        meets_health,
        crime_asb_met_on as crime_asb_met_date,
        domestic_abuse_met_on as domestic_abuse_met_date,
        lead_practitioner,
        plan_opened_on as plan_opened_date,
        plan_closed_on as plan_closed_date,
        intervention,
        is_outcome_achieved,
        outcome_on as outcome_date,
        is_outcome_sustained,
        child_count as children_count,
        lsoa_2021_code,
        ward_name
    from families
)

select
    * exclude (person_given, perpetrator_given, sex_given, perpetrator_sex_given),
    nullif(upper(trim(person_given)), '') as person_ref,
    nullif(upper(trim(perpetrator_given)), '') as perpetrator_ref,
    case upper(left(trim(sex_given), 1)) when 'M' then 'M' when 'F' then 'F' end as sex,
    case upper(left(trim(perpetrator_sex_given), 1)) when 'M' then 'M' when 'F' then 'F' end
        as perpetrator_sex
from gathered
