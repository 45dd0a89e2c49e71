{%- set sources = ['cris_crime', 'cris_suspect', 'cris_accused', 'perpetrator_programme_referral'] %}
with

definition as (
    select
        definition_id,
        name as rule,
        cast(json_extract_string(parameters, '$.window_days') as integer) as window_days
    from {{ ref('dim_definition') }}
    where definition_id = 'repeat_domestic_abuse_perpetrator'
),

today as (
    select as_of_date from {{ ref('dim_as_of') }}
),

domestic_abuse as (
    select crime_key from {{ ref('bridge_crime_definition') }}
    where definition_id = 'domestic_abuse_flagged' and membership = 'met'
),

-- A person may be suspect and accused of one crime.
offences as (
    select
        persons.person_key,
        persons.crime_key,
        max_by(persons.person_key_agency, persons.role = 'accused') as person_key_agency,
        bool_or(persons.role = 'accused') as is_accused,
        any_value(crimes.event_date) as offence_date,
        any_value(crimes.ward_code) as ward_code,
        any_value(crimes.source_id) as source_id,
        max(persons.data_origin) as data_origin,
        max(persons.as_at_date) as as_at_date
    from {{ ref('fct_crime_persons') }} as persons
    inner join {{ ref('fct_crimes') }} as crimes on persons.crime_key = crimes.crime_key
    semi join domestic_abuse on persons.crime_key = domestic_abuse.crime_key
    cross join today
    where
        persons.role in ('suspect', 'accused')
        and persons.person_key is not null
        and crimes.event_date <= today.as_of_date
    group by persons.person_key, persons.crime_key
),

-- Crimes of one day are one occasion: the definition asks for another before it.
occasions as (
    select distinct
        offences.person_key,
        offences.offence_date as occasion_date,
        offences.offence_date + definition.window_days as last_counted_day,
        2 as threshold
    from offences
    cross join definition
),

spells as (
    {{ threshold_spells('occasions', 'person_key') | trim }}
),

-- Of several spells the one that is furthest on in joining.
programmes as (
    select
        offenders.person_key,
        case
            when
                bool_or(
                    offenders.spell_status = 'open'
                    and coalesce(offenders.ended_date > today.as_of_date, true)
                )
                then 'open'
            when bool_or(offenders.spell_status = 'waiting') then 'waiting'
            else 'ended'
        end as programme_status,
        max(offenders.ended_date) filter (offenders.ended_date <= today.as_of_date)
            as latest_programme_end_date
    from {{ ref('fct_offenders') }} as offenders
    cross join today
    where offenders.agency = 'perpetrator_programmes' and offenders.person_key is not null
    group by offenders.person_key
),

marac as (
    select
        cases.perpetrator_person_key as person_key,
        count(*) as marac_cases
    from {{ ref('fct_referrals') }} as cases
    cross join today
    cross join definition
    where
        cases.referral_type = 'marac'
        and cases.perpetrator_person_key is not null
        and cases.referred_date between today.as_of_date - definition.window_days and today.as_of_date
    group by cases.perpetrator_person_key
),

standing as (
    select
        spells.*,
        coalesce(programmes.programme_status, 'none') as programme_status,
        programmes.latest_programme_end_date,
        coalesce(marac.marac_cases, 0) as marac_cases,
        today.as_of_date
    from spells
    cross join today
    left join programmes on spells.person_key = programmes.person_key
    left join marac on spells.person_key = marac.person_key
    where
        today.as_of_date between spells.threshold_met_date and spells.stands_until
        and coalesce(programmes.programme_status <> 'open', true)
)

select
    {{ surrogate_key(['standing.person_key']) }} as list_entry_key,
    standing.as_of_date,
    definition.definition_id,
    definition.rule,
    standing.person_key,
    'mps_cris' as agency,
    -- The police may know the person by several references: that of the latest crime.
    max_by(offences.person_key_agency, (offences.offence_date, offences.crime_key)) as person_key_agency,
    standing.threshold_met_date,
    cast(date_diff('day', standing.threshold_met_date, standing.as_of_date) as integer)
        as days_since_threshold_met,
    standing.stands_until as stands_until_date,
    cast(count(*) as integer) as crimes_in_window,
    cast(count(*) filter (offences.is_accused) as integer) as crimes_accused_of_in_window,
    max(offences.offence_date) as latest_offence_date,
    cast(standing.marac_cases as integer) as marac_cases_in_window,
    standing.programme_status,
    standing.latest_programme_end_date,
    max_by(offences.ward_code, (offences.offence_date, offences.crime_key)) as ward_code,
    {{ covered_to_date(sources) }} as covered_to_date,
    string_agg(distinct offences.source_id, ',' order by offences.source_id) as source_ids,
    max(offences.data_origin) as data_origin,
    max(offences.as_at_date) as as_at_date
from standing
cross join definition
inner join offences
    on
        standing.person_key = offences.person_key
        and offences.offence_date >= standing.as_of_date - definition.window_days
group by
    standing.as_of_date, definition.definition_id, definition.rule, standing.person_key,
    standing.threshold_met_date, standing.stands_until, standing.programme_status,
    standing.latest_programme_end_date, standing.marac_cases
