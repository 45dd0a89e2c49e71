with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

offenders as (
    select * from {{ ref('int_offenders__screened') }}
    where fate = 'kept'
),

offence_counts as (
    select * from {{ ref('int_offenders__offence_counts') }}
),

person_keys as (
    select * from {{ ref('int_persons__keys') }}
),

ward_names as (
    select * from {{ ref('int_asb__ward_names') }}
),

boroughs as (
    select * from {{ ref('borough_names') }}
),

sources_of_referral as (
    select * from {{ ref('referral_sources') }}
),

index_offences as (
    select * from {{ ref('index_offence_groups') }}
),

risks as (
    select * from {{ ref('risk_of_serious_harm_levels') }}
)

select
    -- keys
    {{ pseudonym(['offenders.agency', 'offenders.scheme', 'offenders.spell_ref']) }} as offender_key,
    {{ person_pseudonym('offenders.agency', 'offenders.person_ref') }} as person_key_agency,
    person_keys.person_key,
    offenders.delivery_id,
    offenders.source,
    contracts.source_id,
    offenders.agency,
    offenders.scheme,

    -- when
    offenders.referred_date,
    offenders.started_date,
    offenders.ended_date,
    offenders.register_date,
    offenders.first_entry_date,

    -- who and where
    cast(
        date_sub('year', offenders.birth_date, coalesce(offenders.started_date, offenders.register_date))
        as integer
    ) as age_at_start,
    cast(date_sub('year', offenders.birth_date, offenders.register_date) as integer) as age_at_register,
    offenders.age_band as age_band_stated,
    offenders.sex,
    offenders.self_defined_ethnicity,
    offenders.officer_defined_ethnicity,
    case
        when boroughs.borough_code = '{{ var("partnership_borough_code") }}' then 'resident'
        when boroughs.borough_code is not null then 'other_london'
        when boroughs.is_pseudo then 'unknown'
        when offenders.home_borough is not null then 'outside_london'
        -- The contract of offender management: blank where there is no fixed abode.
        when offenders.source = 'iom_cohort' and offenders.fields_not_supplied not like '%home_borough%'
            then 'no_fixed_abode'
        else 'unknown'
    end as residence,
    boroughs.borough_code as home_borough_code,
    ward_names.ward_code as home_ward_code,
    offenders.tenure,
    offenders.care_status,

    -- what
    offenders.spell_status,
    offenders.referral_source,
    sources_of_referral.source_group as referral_source_group,
    offenders.lead_agency,
    offenders.intervention_type,
    offenders.setting,
    offenders.sentence_type,
    index_offences.index_offence_group,
    index_offences.is_theft as is_theft_index_offence,
    offenders.ogrs_pct,
    case
        when offenders.ogrs_pct >= 90 then 'very_high'
        when offenders.ogrs_pct >= 75 then 'high'
        when offenders.ogrs_pct >= 50 then 'medium'
        when offenders.ogrs_pct is not null then 'low'
    end as ogrs_band,
    risks.risk_level as risk_of_serious_harm,
    offenders.health_condition,
    offenders.outcome,
    offenders.engagement,

    -- measures
    offence_counts.offences_before_365d,
    offence_counts.offences_during,
    offence_counts.offences_after_365d,
    offence_counts.proven_offences_before_365d,
    offence_counts.proven_offences_during,
    offence_counts.proven_offences_after_365d,
    offence_counts.offence_cost_before_365d_gbp,
    offence_counts.offence_cost_during_gbp,
    offence_counts.offence_cost_after_365d_gbp,
    offence_counts.days_observed_before,
    offence_counts.days_observed_during,
    offence_counts.days_observed_after,
    offenders.offences_before_stated,
    offenders.offences_after_stated,
    offenders.knife_offences_stated,
    offenders.subsequent_da_incidents_stated,
    offenders.impact_score_start,
    offenders.impact_score_latest,
    offenders.sibling_count,
    offenders.siblings_known_count,
    offenders.services_known_count,

    -- flags
    coalesce(
        offenders.started_date is not null and offenders.spell_status in ('open', 'closed'), false
    ) as is_under_scheme,
    offenders.is_on_latest_register,
    offenders.is_completed,
    offenders.is_acquisitive,
    offenders.is_drug_offender,
    offenders.is_first_time_entrant,
    offenders.is_in_custody,
    offenders.is_placed_out_of_borough,
    offenders.is_missing_person,
    offenders.has_reoffended_stated,
    offenders.is_repeat_perpetrator_stated,
    offenders.has_ete_need,
    offenders.is_ete_need_met,
    offenders.has_housing_need,
    offenders.is_housing_need_met,
    offenders.is_in_treatment_12_weeks,
    offenders.is_drug_free_at_exit,
    offenders.fields_not_supplied,
    offenders.data_origin,
    offenders.published_on as as_at_date
from offenders
left join contracts on offenders.source = contracts.source
left join offence_counts
    on offenders.delivery_id = offence_counts.delivery_id and offenders.row_number = offence_counts.row_number
left join ward_names
    on regexp_replace(upper(offenders.ward_name), '[^A-Z0-9]+', '', 'g') = ward_names.name_key
left join boroughs
    on trim(regexp_replace(upper(offenders.home_borough), '[^A-Z0-9]+', ' ', 'g')) = boroughs.name_key
left join sources_of_referral on lower(offenders.referral_source) = lower(sources_of_referral.referral_source)
left join index_offences on lower(offenders.index_offence_given) = lower(index_offences.index_offence_group)
left join risks on lower(offenders.risk_given) = lower(risks.risk_level)
left join person_keys
    on {{ person_pseudonym('offenders.agency', 'offenders.person_ref') }} = person_keys.own_key
