{#-
    The list of persons who stand, on the day of dim_as_of, as repeat complainants or alleged perpetrators:
    named in so many cases within the window of the definition, whoever recorded them. A row is a person in one
    agency, so that each agency can be handed its own. `role` is complainant or perpetrator.

    Applications for a case review and enforcement notices are about a case that stands already, so they are
    no case of their own. Two cases of one day are one occasion.
-#}
{% macro repeat_asb_persons(role, definition_id) %}
{%- set sources = ['housing_asb_case', 'rsl_asb_case', 'asb_triage_referral', 'ecins_subject'] -%}
with

definition as (
    select
        definition_id,
        name as rule,
        cast(json_extract_string(parameters, '$.cases') as integer) as threshold,
        cast(json_extract_string(parameters, '$.window_days') as integer) as window_days
    from {{ ref('dim_definition') }}
    where definition_id = '{{ definition_id }}'
),

today as (
    select as_of_date from {{ ref('dim_as_of') }}
),

-- Several words of partners stand for one level.
risks as (
    select distinct
        risk_level_code,
        risk_rank
    from {{ ref('asb_risk_levels') }}
),

cases as (
    select
        cases.* exclude (person_key, person_key_agency),
        cases.{{ role }}_person_key as person_key,
        cases.{{ role }}_person_key_agency as person_key_agency,
        risks.risk_rank
    from {{ ref('fct_asb_cases') }} as cases
    cross join today
    left join risks on cases.risk_level_code = risks.risk_level_code
    where
        cases.source in {{ sql_text_list(sources) }}
        and cases.{{ role }}_person_key is not null
        and cases.opened_date <= today.as_of_date
),

occasions as (
    select distinct
        cases.person_key,
        cases.opened_date as occasion_date,
        cases.opened_date + definition.window_days as last_counted_day,
        definition.threshold
    from cases
    cross join definition
),

spells as (
    {{ threshold_spells('occasions', 'person_key') | trim }}
),

standing as (
    select
        spells.*,
        today.as_of_date
    from spells
    cross join today
    where today.as_of_date between spells.threshold_met_date and spells.stands_until
),

counted as (
    select
        standing.person_key,
        count(distinct cases.case_key) as cases_in_window,
        count(distinct cases.agency) as agencies
    from standing
    cross join definition
    inner join cases
        on
            standing.person_key = cases.person_key
            and cases.opened_date >= standing.as_of_date - definition.window_days
    group by standing.person_key
)

select
    {{ surrogate_key(["'" ~ definition_id ~ "'", 'standing.person_key', 'cases.agency']) }} as list_entry_key,
    standing.as_of_date,
    definition.definition_id,
    definition.rule,
    standing.person_key,
    cases.agency,
    -- An agency may know the person by several references: that of the latest case.
    max_by(cases.person_key_agency, (cases.opened_date, cases.case_key)) as person_key_agency,
    standing.threshold_met_date,
    cast(date_diff('day', standing.threshold_met_date, standing.as_of_date) as integer) as days_since_threshold_met,
    standing.stands_until as stands_until_date,
    cast(any_value(counted.cases_in_window) as integer) as cases_in_window,
    cast(any_value(counted.agencies) as integer) as agencies_in_window,
    cast(count(distinct cases.case_key) as integer) as cases_of_agency_in_window,
    cast(count(distinct cases.case_key) filter (not coalesce(cases.is_closed, false)) as integer)
        as cases_of_agency_not_closed,
    max(cases.opened_date) as latest_case_date,
    max_by(cases.risk_level_code, cases.risk_rank) as highest_risk_level_code,
    max_by(cases.ward_code, (cases.opened_date, cases.case_key)) as ward_code,
    {{ covered_to_date(sources) }} as covered_to_date,
    string_agg(distinct cases.source_id, ',' order by cases.source_id) as source_ids,
    max(cases.data_origin) as data_origin,
    max(cases.as_at_date) as as_at_date
from standing
cross join definition
inner join counted on standing.person_key = counted.person_key
inner join cases
    on
        standing.person_key = cases.person_key
        and cases.opened_date >= standing.as_of_date - definition.window_days
group by
    standing.as_of_date, definition.definition_id, definition.rule, standing.person_key, cases.agency,
    standing.threshold_met_date, standing.stands_until
{% endmacro %}
