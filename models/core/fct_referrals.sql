with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

referrals as (
    select * from {{ ref('int_referrals__screened') }}
    where fate = 'kept'
),

marac_repeats as (
    select * from {{ ref('int_marac__repeats') }}
),

person_keys as (
    select * from {{ ref('int_persons__keys') }}
),

ward_names as (
    select * from {{ ref('int_asb__ward_names') }}
),

lsoas as (
    select * from {{ ref('int_geography__lsoas') }}
    where vintage = '2021'
),

sources_of_referral as (
    select * from {{ ref('referral_sources') }}
),

asb_categories as (
    select * from {{ ref('asb_case_categories') }}
),

bodies as (
    select * from {{ ref('asb_bodies') }}
),

roles as (
    select * from {{ ref('asb_person_roles') }}
),

frameworks as (
    select * from {{ ref('supporting_families_frameworks') }}
),

criteria as (
    select
        referrals.*,
        [
            referrals.meets_crime_asb, referrals.meets_school_attendance, referrals.meets_children_in_need,
            referrals.meets_worklessness, referrals.meets_domestic_abuse, referrals.meets_health,
        ] as answers,
        frameworks.minimum_needs,
        frameworks.criteria_count
    from referrals
    left join frameworks on lower(referrals.framework_version) = lower(frameworks.framework_version)
),

counted as (
    select
        * exclude (answers),
        case
            when referral_type = 'supporting_families'
                then len(list_filter(answers, lambda met: met))
        end as criteria_met,
        case
            when referral_type = 'supporting_families' then len(answers) - list_count(answers)
        end as criteria_not_recorded
    from criteria
)

select
    -- keys
    {{ pseudonym(['counted.agency', 'counted.referral_type', 'counted.referral_ref']) }} as referral_key,
    {{ person_pseudonym('counted.agency', 'counted.person_ref') }} as person_key_agency,
    person_keys.person_key,
    {{ person_pseudonym('counted.agency', 'counted.perpetrator_ref') }} as perpetrator_person_key_agency,
    perpetrator_keys.person_key as perpetrator_person_key,
    case
        when counted.family_ref is not null then {{ pseudonym(['counted.agency', 'counted.family_ref']) }}
    end as family_key,
    case
        when counted.case_ref is not null
            then {{ pseudonym(['counted.agency', 'counted.source', 'counted.case_ref']) }}
    end as case_key,
    counted.delivery_id,
    counted.source,
    contracts.source_id,
    counted.agency,
    counted.referral_type,

    -- when and where
    counted.referred_date,
    cast(date_trunc('month', counted.referred_date) as date) as referred_month,
    counted.is_referral_date_recorded,
    counted.decided_date,
    counted.closed_date,
    counted.register_date,
    ward_names.ward_code,
    lsoas.lsoa_code as lsoa_2021_code,

    -- what
    counted.referral_source,
    coalesce(sources_of_referral.source_group, bodies.body_type) as referral_source_group,
    counted.referral_reason,
    case
        when counted.referral_type = 'asb_triage' then asb_categories.asb_category_code else counted.category
    end as category,
    roles.role_code as person_role_code,
    counted.client_status,
    counted.relationship,
    counted.harmful_practice_type,
    counted.court_stage,
    counted.source_of_risk,
    counted.location_type,
    counted.reasonable_grounds,
    counted.conclusive_grounds,
    counted.outcome,

    -- who
    cast(
        coalesce(counted.age_stated, date_sub('year', counted.birth_date, counted.referred_date)) as integer
    ) as age,
    counted.age_band as age_band_stated,
    counted.sex,
    counted.self_defined_ethnicity,
    counted.is_lgbt,
    counted.is_disabled,
    cast(counted.perpetrator_age as integer) as perpetrator_age,
    counted.perpetrator_sex,

    -- measures
    cast(counted.dash_score as integer) as dash_score,
    cast(counted.children_count as integer) as children_count,
    cast(counted.action_count as integer) as action_count,

    -- repeats of MARAC
    marac_repeats.last_referred_date,
    marac_repeats.lookback_days as repeat_lookback_days,
    marac_repeats.has_referral_within_12_months,
    coalesce(marac_repeats.repeat_status, 'not_applicable') as marac_repeat_status,
    marac_repeats.is_repeat as is_marac_repeat,
    coalesce(marac_repeats.repeat_older_status, 'not_applicable') as marac_repeat_older_status,
    marac_repeats.is_repeat_older as is_marac_repeat_older,
    counted.is_repeat_stated as is_marac_repeat_stated,

    -- families
    counted.framework_version,
    counted.meets_crime_asb,
    counted.meets_school_attendance,
    counted.meets_children_in_need,
    counted.meets_worklessness,
    counted.meets_domestic_abuse,
    counted.meets_health,
    cast(counted.criteria_met as integer) as criteria_met,
    cast(counted.criteria_not_recorded as integer) as criteria_not_recorded,
    -- The file holds six criteria: of ten outcomes it can tell who is eligible, and never who is not.
    case
        when counted.criteria_met >= counted.minimum_needs then true
        when
            counted.criteria_count = 6
            and counted.criteria_met + counted.criteria_not_recorded < counted.minimum_needs
            then false
    end as is_eligible,
    counted.crime_asb_met_date,
    counted.domestic_abuse_met_date,
    counted.lead_practitioner,
    counted.plan_opened_date,
    counted.plan_closed_date,
    counted.intervention,
    counted.outcome_date,
    counted.is_outcome_achieved,
    counted.is_outcome_sustained,

    -- flags
    counted.is_closed,
    counted.is_on_latest_register,
    counted.is_domestic_abuse,
    counted.is_crime,
    counted.is_reported_to_police,
    counted.is_cuckooing,
    counted.is_section_42,
    counted.is_safer_at_exit,
    counted.fields_not_supplied,
    counted.data_origin,
    counted.published_on as as_at_date
from counted
left join contracts on counted.source = contracts.source
left join marac_repeats
    on counted.delivery_id = marac_repeats.delivery_id and counted.row_number = marac_repeats.row_number
left join ward_names
    on regexp_replace(upper(counted.ward_name), '[^A-Z0-9]+', '', 'g') = ward_names.name_key
left join lsoas on counted.lsoa_2021_code = lsoas.lsoa_code
left join sources_of_referral on lower(counted.referral_source) = lower(sources_of_referral.referral_source)
left join bodies
    on counted.referral_type = 'asb_triage' and lower(counted.referral_source) = lower(bodies.body_name)
left join asb_categories
    on
        counted.referral_type = 'asb_triage'
        and lower(counted.category) = lower(asb_categories.supplier_category)
left join roles on lower(counted.role_given) = lower(roles.role)
left join person_keys on {{ person_pseudonym('counted.agency', 'counted.person_ref') }} = person_keys.own_key
left join person_keys as perpetrator_keys
    on {{ person_pseudonym('counted.agency', 'counted.perpetrator_ref') }} = perpetrator_keys.own_key
