with

definition as (
    select
        definition_id,
        name as rule
    from {{ ref('dim_definition') }}
    where definition_id = 'family_crime_and_domestic_abuse'
),

today as (
    select as_of_date from {{ ref('dim_as_of') }}
),

families as (
    select
        *,
        greatest(crime_asb_met_date, domestic_abuse_met_date) as later_criterion_date,
        string_split(fields_not_supplied, ',') as lacking
    from {{ ref('fct_referrals') }}
    where referral_type = 'supporting_families' and is_on_latest_register
),

judged as (
    select
        families.*,
        today.as_of_date,
        case
            when list_contains(families.lacking, 'plan_opened_on') then 'not_supplied'
            when families.plan_opened_date is null then 'none'
            when families.plan_opened_date > today.as_of_date then 'not_begun'
            when families.plan_closed_date <= today.as_of_date then 'closed'
            else 'open'
        end as plan_status
    from families
    cross join today
    where families.meets_crime_asb and families.meets_domestic_abuse
)

select
    {{ surrogate_key(['judged.family_key']) }} as list_entry_key,
    judged.as_of_date,
    definition.definition_id,
    definition.rule,
    judged.family_key,
    judged.agency,
    -- greatest() passes over nulls: without both days nobody knows when both were met.
    case
        when judged.crime_asb_met_date is not null and judged.domestic_abuse_met_date is not null
            then judged.later_criterion_date
    end as threshold_met_date,
    case
        when judged.crime_asb_met_date is not null and judged.domestic_abuse_met_date is not null
            then cast(date_diff('day', judged.later_criterion_date, judged.as_of_date) as integer)
    end as days_since_threshold_met,
    judged.plan_status,
    judged.plan_closed_date,
    judged.lead_practitioner is not null as has_lead_practitioner,
    cast(judged.criteria_met as integer) as criteria_met,
    judged.referred_date,
    judged.ward_code,
    judged.register_date as covered_to_date,
    judged.source_id as source_ids,
    judged.data_origin,
    judged.as_at_date
from judged
cross join definition
where judged.plan_status <> 'open'
