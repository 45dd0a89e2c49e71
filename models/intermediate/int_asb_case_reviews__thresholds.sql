-- Whether an application for a case review meets the threshold: by section 104 (definition
-- asb_case_review_s104) and by the local rule (asb_case_review_local), with what cannot be judged.
with

applications as (
    select * from {{ ref('int_asb_cases__screened') }}
    where case_type = 'case_review' and fate = 'kept'
),

complaints as (
    select * from {{ ref('int_asb_case_reviews__complaints') }}
    where fate = 'kept'
),

statute as (
    select
        try_cast(json_extract_string(parameters, '$.complaints') as integer) as s104_complaints,
        try_cast(json_extract_string(parameters, '$.behaviour_to_complaint_months') as integer)
            as report_months,
        try_cast(json_extract_string(parameters, '$.complaint_to_application_months') as integer)
            as apply_months
    from {{ ref('definitions') }}
    where definition_id = 'asb_case_review_s104'
),

local_rule as (
    select
        try_cast(json_extract_string(parameters, '$.complaints') as integer) as local_complaints,
        try_cast(json_extract_string(parameters, '$.months') as integer) as local_months
    from {{ ref('definitions') }}
    where definition_id = 'asb_case_review_local'
),

returning_days as (
    select
        applications.delivery_id,
        applications.row_number,
        applications.opened_date as application_date,
        complaints.complaint_no,
        complaints.complaint_date,
        complaints.behaviour_date,
        complaints.has_behaviour_dates,
        statute.s104_complaints,
        local_rule.local_complaints,
        complaints.behaviour_date + to_months(statute.report_months) as report_day,
        complaints.complaint_date + to_months(statute.apply_months) as apply_day,
        complaints.complaint_date + to_months(local_rule.local_months) as local_day
    from applications
    inner join complaints on applications.case_ref = complaints.application_ref
    cross join statute
    cross join local_rule
),

-- A period of months that begins with a day ends on the day before that day of the month comes again, or with
-- the month that has no such day.
periods as (
    select
        *,
        report_day - to_days(if(day(report_day) = day(behaviour_date), 1, 0)) as report_by,
        apply_day - to_days(if(day(apply_day) = day(complaint_date), 1, 0)) as apply_by,
        local_day - to_days(if(day(local_day) = day(complaint_date), 1, 0)) as local_until
    from returning_days
),

-- A complaint of which one date is unknown may qualify, unless the other rules it out.
judged as (
    select
        *,
        coalesce(application_date between complaint_date and apply_by, true) as may_be_in_time,
        coalesce(complaint_date between behaviour_date and report_by, true) as may_be_prompt,
        complaint_date is not null and behaviour_date is not null as has_both_dates
    from periods
),

spans as (
    select
        first_one.delivery_id,
        first_one.row_number,
        first_one.complaint_no,
        count(*) as complaints_in_span
    from judged as first_one
    inner join judged as later
        on
            first_one.delivery_id = later.delivery_id
            and first_one.row_number = later.row_number
            and later.complaint_date between first_one.complaint_date and first_one.local_until
            and later.complaint_date <= later.application_date
    group by first_one.delivery_id, first_one.row_number, first_one.complaint_no
),

counted as (
    select
        judged.delivery_id,
        judged.row_number,
        any_value(judged.s104_complaints) as s104_complaints,
        any_value(judged.local_complaints) as local_complaints,
        bool_and(judged.has_behaviour_dates) as has_behaviour_dates,
        count(*) as complaints_delivered,
        count(*) filter (judged.may_be_in_time and judged.may_be_prompt and judged.has_both_dates)
            as qualifying_complaints,
        count(*) filter (judged.may_be_in_time and judged.may_be_prompt and not judged.has_both_dates)
            as unjudged_complaints,
        count(*) filter (judged.complaint_date is null) as undated_complaints,
        coalesce(max(spans.complaints_in_span), 0) as most_complaints_in_six_months
    from judged
    left join spans
        on
            judged.delivery_id = spans.delivery_id
            and judged.row_number = spans.row_number
            and judged.complaint_no = spans.complaint_no
    group by judged.delivery_id, judged.row_number
),

received as (
    select count(*) > 0 as has_complaints from complaints
)

select
    applications.delivery_id,
    applications.row_number,
    coalesce(counted.complaints_delivered, 0) as complaints_delivered,
    counted.qualifying_complaints,
    counted.unjudged_complaints,
    counted.most_complaints_in_six_months,
    case
        when counted.qualifying_complaints >= counted.s104_complaints then true
        when counted.qualifying_complaints + counted.unjudged_complaints < counted.s104_complaints then false
    end as is_s104_threshold_met,
    case
        when counted.delivery_id is null and not received.has_complaints then 'not_supplied'
        when counted.delivery_id is null then 'not_recorded'
        when
            counted.qualifying_complaints >= counted.s104_complaints
            or counted.qualifying_complaints + counted.unjudged_complaints < counted.s104_complaints
            then 'ok'
        when not counted.has_behaviour_dates then 'not_supplied'
        else 'not_recorded'
    end as s104_threshold_status,
    case
        when counted.most_complaints_in_six_months >= counted.local_complaints then true
        when
            counted.most_complaints_in_six_months + counted.undated_complaints < counted.local_complaints
            then false
    end as is_local_threshold_met,
    case
        when counted.delivery_id is null and not received.has_complaints then 'not_supplied'
        when
            counted.most_complaints_in_six_months >= counted.local_complaints
            or counted.most_complaints_in_six_months + counted.undated_complaints < counted.local_complaints
            then 'ok'
        else 'not_recorded'
    end as local_threshold_status
from applications
cross join received
left join counted
    on applications.delivery_id = counted.delivery_id and applications.row_number = counted.row_number
