with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
    where source = 'strategy_action'
),

actions as (
    select * from {{ ref('int_strategy_actions__screened') }}
    where fate = 'kept'
),

owners as (
    select * from {{ ref('strategy_owners') }}
),

ratings as (
    select * from {{ ref('strategy_rag_ratings') }}
)

select
    -- keys
    {{ surrogate_key(['actions.action_ref', 'actions.reported_on']) }} as action_report_key,
    {{ surrogate_key(['actions.action_ref']) }} as action_key,
    actions.action_ref as action_ref_swp,
    actions.delivery_id,
    'strategy_action' as source,
    contracts.source_id,

    -- what, by whom, by when
    actions.strategy,
    actions.priority,
    actions.objective,
    actions.action,
    -- What is no known role may be a person's name, and is not shown.
    owners.owner_code,
    owners.owner as owner_role,
    case
        when owners.owner is not null then 'role'
        when actions.owner is not null then 'not_a_role'
        else 'not_recorded'
    end as owner_status,
    actions.due_on as due_date,

    -- how far
    actions.reported_on as reported_date,
    coalesce(ratings.rag_code, 'unknown') as rag_code,
    ratings.rag_rank,

    -- flags
    actions.progress is not null as has_progress_note,
    actions.data_origin,
    actions.published_on as as_at_date
from actions
cross join contracts
left join owners on actions.owner = owners.owner
left join ratings on actions.rag = ratings.rag
