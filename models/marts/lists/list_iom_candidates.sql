with

definition as (
    select
        definition_id,
        name as rule,
        cast(json_extract_string(parameters, '$.score_from') as double) as score_from,
        cast(json_extract_string(parameters, '$.window_days') as integer) as window_days
    from {{ ref('dim_definition') }}
    where definition_id = 'iom_candidate'
),

today as (
    select as_of_date from {{ ref('dim_as_of') }}
),

offenders as (
    select * from {{ ref('fct_offenders') }}
),

in_scheme as (
    select distinct offenders.person_key
    from offenders
    cross join today
    where
        offenders.scheme = 'iom'
        and offenders.started_date <= today.as_of_date
        and coalesce(offenders.ended_date > today.as_of_date, true)
),

thefts as (
    select
        persons.person_key,
        count(distinct persons.crime_key) as thefts_accused_of,
        max(crimes.event_date) as latest_theft_date
    from {{ ref('fct_crime_persons') }} as persons
    inner join {{ ref('fct_crimes') }} as crimes on persons.crime_key = crimes.crime_key
    inner join {{ ref('dim_offence') }} as offences on crimes.offence_code = offences.offence_code
    cross join today
    cross join definition
    where
        persons.role = 'accused'
        and persons.person_key is not null
        and offences.is_theft
        and crimes.event_date between today.as_of_date - definition.window_days and today.as_of_date
    group by persons.person_key
),

-- A person without a key cannot be looked for in the scheme, and stays on the list.
candidates as (
    select
        offenders.*,
        today.as_of_date,
        definition.definition_id,
        definition.rule,
        coalesce(thefts.thefts_accused_of, 0) as thefts_accused_of,
        thefts.latest_theft_date
    from offenders
    cross join today
    cross join definition
    left join thefts on offenders.person_key = thefts.person_key
    anti join in_scheme on offenders.person_key = in_scheme.person_key
    where
        offenders.scheme = 'probation'
        and offenders.is_on_latest_register
        and offenders.started_date <= today.as_of_date
        and coalesce(offenders.ended_date > today.as_of_date, true)
        and offenders.is_theft_index_offence
        and offenders.ogrs_pct >= definition.score_from
)

select
    {{ surrogate_key(['candidates.offender_key']) }} as list_entry_key,
    candidates.as_of_date,
    candidates.definition_id,
    candidates.rule,
    candidates.person_key,
    candidates.agency,
    candidates.person_key_agency,
    candidates.started_date as threshold_met_date,
    cast(date_diff('day', candidates.started_date, candidates.as_of_date) as integer)
        as days_since_threshold_met,
    cast(
        row_number() over (
            order by candidates.thefts_accused_of desc, candidates.ogrs_pct desc, candidates.offender_key asc
        ) as integer
    ) as candidate_rank,
    cast(candidates.thefts_accused_of as integer) as thefts_accused_of_in_window,
    candidates.latest_theft_date,
    candidates.ogrs_pct,
    candidates.ogrs_band,
    candidates.index_offence_group,
    candidates.risk_of_serious_harm,
    cast(candidates.age_at_register as integer) as age_at_register,
    candidates.is_in_custody,
    candidates.home_ward_code as ward_code,
    candidates.register_date as covered_to_date,
    candidates.source_id as source_ids,
    candidates.data_origin,
    candidates.as_at_date
from candidates
