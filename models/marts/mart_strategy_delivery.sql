with

reports as (
    select * from {{ ref('fct_strategy_actions') }}
),

today as (
    select as_of_date from {{ ref('dim_as_of') }}
),

followed as (
    select
        reports.*,
        today.as_of_date,
        lag(reports.rag_code) over earlier as previous_rag_code,
        lag(reports.rag_rank) over earlier as previous_rag_rank,
        first_value(reports.reported_date) over earlier as first_reported_date,
        reports.reported_date = max(reports.reported_date) over (partition by reports.action_key)
            as is_latest_report,
        max(reports.reported_date) over (partition by reports.strategy) as strategy_reported_date
    from reports
    cross join today
    window earlier as (partition by reports.action_key order by reports.reported_date)
),

-- A run of reports with one rating begins where the rating changes.
runs as (
    select
        *,
        sum(if(previous_rag_code is not distinct from rag_code, 0, 1)) over (
            partition by action_key order by reported_date rows unbounded preceding
        ) as run
    from followed
),

timed as (
    select
        *,
        min(reported_date) over (partition by action_key, run) as rated_since_date
    from runs
)

select
    action_report_key,
    action_key,
    action_ref_swp,
    strategy,
    priority,
    objective,
    action,
    owner_role,
    owner_status,
    due_date,
    reported_date,
    is_latest_report,
    -- An action that the latest report of its strategy leaves out is neither done nor going on.
    reported_date < strategy_reported_date and is_latest_report as is_dropped_since,
    rag_code,
    previous_rag_code,
    case
        when previous_rag_code is null then 'first_report'
        when rag_rank is null or previous_rag_rank is null then 'unknown'
        when rag_rank > previous_rag_rank then 'better'
        when rag_rank < previous_rag_rank then 'worse'
        else 'same'
    end as movement,
    rated_since_date,
    cast(date_diff('day', rated_since_date, if(is_latest_report, as_of_date, reported_date)) as integer)
        as days_at_rating,
    case
        when rag_code = 'complete' then false
        when due_date is not null then due_date < if(is_latest_report, as_of_date, reported_date)
    end as is_overdue,
    case
        when rag_code <> 'complete' and due_date < if(is_latest_report, as_of_date, reported_date)
            then cast(date_diff('day', due_date, if(is_latest_report, as_of_date, reported_date)) as integer)
    end as days_overdue,
    has_progress_note,
    source_id as source_ids,
    data_origin,
    as_at_date
from timed
