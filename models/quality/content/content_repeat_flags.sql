-- A case is a repeat where the same couple was discussed within twelve months before (SafeLives). Cases from
-- before the first file are not known, so a flag without an earlier case is no fault.
with

cases as (
    select * from {{ ref('stg_domestic_abuse__marac_cases') }}
),

judged as (
    select
        cases.delivery_id,
        cases.meeting_date,
        coalesce(cases.is_repeat, false) as is_flagged,
        exists(
            select 1 from cases as earlier
            where
                earlier.victim_ref = cases.victim_ref
                and earlier.perpetrator_ref = cases.perpetrator_ref
                and earlier.meeting_date < cases.meeting_date
                and earlier.meeting_date >= cases.meeting_date - to_months(12)
        ) as is_repeat_by_date
    from cases
)

select
    'marac_case' as source,
    delivery_id,
    cast(date_trunc('quarter', meeting_date) + to_months(3) - to_days(1) as date) as period_end,
    'cases of a couple discussed within twelve months before' as category,
    count(*) filter (is_repeat_by_date) as rows_tested,
    count(*) filter (is_repeat_by_date and not is_flagged) as rows_failing,
    round(
        100.0 * count(*) filter (is_repeat_by_date and not is_flagged)
        / nullif(count(*) filter (is_repeat_by_date), 0),
        1
    ) as share_pct
from judged
group by delivery_id, period_end
