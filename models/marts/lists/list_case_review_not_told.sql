-- No delivery says whether somebody was told of the case review. Who has applied since knows of it; of all
-- others it is not supplied, and they stand here.
{%- set sources = ['noise_complaint', 'housing_asb_case', 'rsl_asb_case', 'asb_triage_referral'] %}
with

definition as (
    select
        definition_id,
        name as rule,
        cast(json_extract_string(parameters, '$.complaints') as integer) as threshold,
        cast(json_extract_string(parameters, '$.months') as integer) as months
    from {{ ref('dim_definition') }}
    where definition_id = 'asb_case_review_local'
),

today as (
    select as_of_date from {{ ref('dim_as_of') }}
),

complaints as (
    select
        complainant_person_key as person_key,
        complainant_person_key_agency as person_key_agency,
        'noise' as agency,
        source,
        source_id,
        incident_key as complaint_key,
        reported_date as complaint_date,
        ward_code,
        data_origin,
        as_at_date
    from {{ ref('fct_asb_incidents') }}
    -- What is no anti-social behaviour, such as a burglar alarm, is no ground for a case review.
    where source = 'noise_complaint' and may_be_asb
    union all
    select
        complainant_person_key,
        complainant_person_key_agency,
        agency,
        source,
        source_id,
        case_row_key,
        opened_date,
        ward_code,
        data_origin,
        as_at_date
    from {{ ref('fct_asb_cases') }}
    where source in {{ sql_text_list(sources[1:]) }}
),

dated_complaints as (
    select
        complaints.*,
        cast(complaints.complaint_date + to_months(definition.months) as date) as returning_day,
        definition.threshold
    from complaints
    cross join today
    cross join definition
    where complaints.person_key is not null and complaints.complaint_date <= today.as_of_date
),

-- A period of months that begins with a day ends on the day before that day of the month comes again, or with
-- the month that has no such day.
occasions as (
    select
        complaints.*,
        complaints.complaint_date as occasion_date,
        complaints.returning_day - if(day(complaints.returning_day) = day(complaints.complaint_date), 1, 0)
            as last_counted_day
    from dated_complaints as complaints
),

spells as (
    {{ threshold_spells('occasions', 'person_key') | trim }}
),

applications as (
    select
        complainant_person_key as person_key,
        max(opened_date) as latest_application_date
    from {{ ref('fct_asb_cases') }}
    where source = 'asb_case_review' and complainant_person_key is not null
    group by complainant_person_key
),

standing as (
    select
        spells.*,
        applications.latest_application_date,
        today.as_of_date
    from spells
    cross join today
    left join applications on spells.person_key = applications.person_key
    where
        today.as_of_date between spells.threshold_met_date and spells.stands_until
        and coalesce(applications.latest_application_date < spells.threshold_met_date, true)
),

counted as (
    select
        standing.person_key,
        count(*) as complaints_in_window,
        count(distinct occasions.agency) as agencies
    from standing
    inner join occasions
        on standing.person_key = occasions.person_key and standing.as_of_date <= occasions.last_counted_day
    group by standing.person_key
)

select
    {{ surrogate_key(['standing.person_key', 'occasions.agency']) }} as list_entry_key,
    standing.as_of_date,
    definition.definition_id,
    definition.rule,
    standing.person_key,
    occasions.agency,
    -- An agency may know the person by several references: that of the latest complaint.
    max_by(occasions.person_key_agency, (occasions.complaint_date, occasions.complaint_key))
        as person_key_agency,
    standing.threshold_met_date,
    cast(date_diff('day', standing.threshold_met_date, standing.as_of_date) as integer)
        as days_since_threshold_met,
    standing.stands_until as stands_until_date,
    cast(any_value(counted.complaints_in_window) as integer) as complaints_in_window,
    cast(any_value(counted.agencies) as integer) as agencies_in_window,
    cast(count(*) as integer) as complaints_of_agency_in_window,
    max(occasions.complaint_date) as latest_complaint_date,
    standing.latest_application_date as earlier_application_date,
    'not_supplied' as told_status,
    max_by(occasions.ward_code, (occasions.complaint_date, occasions.complaint_key)) as ward_code,
    {{ covered_to_date(sources) }} as covered_to_date,
    string_agg(distinct occasions.source_id, ',' order by occasions.source_id) as source_ids,
    max(occasions.data_origin) as data_origin,
    max(occasions.as_at_date) as as_at_date
from standing
cross join definition
inner join counted on standing.person_key = counted.person_key
inner join occasions
    on standing.person_key = occasions.person_key and standing.as_of_date <= occasions.last_counted_day
group by
    standing.as_of_date, definition.definition_id, definition.rule, standing.person_key, occasions.agency,
    standing.threshold_met_date, standing.stands_until, standing.latest_application_date
