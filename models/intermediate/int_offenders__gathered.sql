-- Persons under a scheme for a spell, in one layout. A register stands as it was on a day; what a source has
-- no column for is null. References of persons are as int_persons__records has them.
with

iom as (
    select * from {{ ref('stg_offender_schemes__iom_cohorts') }}
),

igxu as (
    select * from {{ ref('stg_offender_schemes__igxu_persons') }}
),

yjs as (
    select * from {{ ref('stg_offender_schemes__yjs_persons') }}
),

probation as (
    select * from {{ ref('stg_offender_schemes__probation_persons') }}
),

starting_over as (
    select * from {{ ref('stg_offender_schemes__starting_over_clients') }}
),

programmes as (
    select * from {{ ref('stg_offender_schemes__perpetrator_programme_referrals') }}
),

gathered as (
    select
        delivery_id,
        row_number,
        'iom_cohort' as source,
        'iom' as agency,
        'iom' as scheme,
        offender_ref as person_given,
        as_at_date as register_date,
        started_on as started_date,
        ended_on as ended_date,
        case lower(trim(status)) when 'active' then 'open' when 'left' then 'closed' end as spell_status,
        exit_reason as outcome,
        birth_date,
        sex as sex_given,
        officer_ethnicity as officer_defined_ethnicity,
        home_borough,
        ward_name,
        lead_agency,
        index_offence as index_offence_given,
        ogrs_pct,
        is_acquisitive,
        is_drug_offender
    from iom

    union all by name

    select
        delivery_id,
        row_number,
        'igxu_person' as source,
        'igxu' as agency,
        'igxu' as scheme,
        person_ref as person_given,
        as_at_date as register_date,
        referred_on as referred_date,
        allocated_on as started_date,
        closed_on as ended_date,
        case lower(trim(status)) when 'open' then 'open' when 'closed' then 'closed' end as spell_status,
        outcome,
        birth_date,
        sex as sex_given,
        self_defined_ethnicity,
        home_borough,
        ward_name,
        tenure,
        care_status,
        referral_source,
        is_completed,
        sibling_count,
        siblings_known_count,
        is_missing_person,
        services_known_count,
        offences_before as offences_before_stated,
        offences_after as offences_after_stated,
        knife_offences as knife_offences_stated,
        impact_score_start,
        impact_score_latest
    from igxu

    union all by name

    select
        delivery_id,
        row_number,
        'yjs_person' as source,
        'yjs' as agency,
        'yjs' as scheme,
        person_ref as person_given,
        as_at_date as register_date,
        started_on as started_date,
        ended_on as ended_date,
        case lower(trim(status)) when 'open' then 'open' when 'closed' then 'closed' end as spell_status,
        birth_date,
        sex as sex_given,
        self_defined_ethnicity,
        home_borough,
        ward_name,
        intervention_type,
        is_placed_out_of_borough,
        is_first_time_entrant,
        first_entry_on as first_entry_date,
        is_in_custody,
        has_reoffended as has_reoffended_stated
    from yjs

    union all by name

    -- The caseload names no spell: the sentence begins it, and who is on it is under supervision.
    select
        delivery_id,
        row_number,
        'probation_person' as source,
        'probation' as agency,
        'probation' as scheme,
        person_ref as person_given,
        sentence_type as scope_category,
        as_at_date as register_date,
        sentenced_on as started_date,
        'open' as spell_status,
        birth_date,
        age_band,
        sex as sex_given,
        self_defined_ethnicity,
        home_borough,
        ward_name,
        index_offence as index_offence_given,
        ogrs_pct,
        setting,
        sentence_type,
        risk_of_serious_harm as risk_given,
        lower(trim(setting)) = 'custody' as is_in_custody,
        health_condition
    from probation

    union all by name

    select
        delivery_id,
        row_number,
        'starting_over_client' as source,
        'starting_over' as agency,
        'starting_over' as scheme,
        client_ref as person_given,
        as_at_date as register_date,
        referred_on as referred_date,
        started_on as started_date,
        ended_on as ended_date,
        case lower(trim(status)) when 'current' then 'open' when 'ended' then 'closed' end as spell_status,
        birth_date,
        'Integrated Offender Management' as referral_source,
        is_completed,
        has_ete_need,
        is_ete_need_met,
        has_housing_need,
        is_housing_need_met,
        is_in_treatment_12_weeks,
        is_drug_free_at_exit
    from starting_over

    union all by name

    -- Of all boroughs served; a referral that nobody took on has no spell yet.
    select
        delivery_id,
        row_number,
        'perpetrator_programme_referral' as source,
        'perpetrator_programmes' as agency,
        lower(programme) as scheme,
        referral_ref,
        perpetrator_ref as person_given,
        referred_on as register_date,
        referred_on as referred_date,
        allocated_on as started_date,
        ended_on as ended_date,
        lower(trim(status)) as spell_status,
        birth_date,
        sex as sex_given,
        borough_name as home_borough,
        referral_source,
        engagement,
        is_repeat_perpetrator as is_repeat_perpetrator_stated,
        subsequent_da_count as subsequent_da_incidents_stated
    from programmes
)

select
    * exclude (person_given, sex_given),
    nullif(upper(trim(person_given)), '') as person_ref,
    case upper(left(trim(sex_given), 1)) when 'M' then 'M' when 'F' then 'F' end as sex,
    coalesce(
        referral_ref, upper(trim(person_given)) || '|' || coalesce(strftime(started_date, '%Y-%m-%d'), '')
    ) as spell_ref
from gathered
