-- What was done in a case, as codes: landlords write one action, housing several.
with

cases as (
    select * from {{ ref('int_asb_cases__screened') }}
    where fate = 'kept' and actions is not null
),

known_actions as (
    select * from {{ ref('asb_enforcement_actions') }}
),

actions as (
    select
        delivery_id,
        row_number,
        trim(unnest(string_split(actions, ';'))) as action
    from cases
)

select
    actions.delivery_id,
    actions.row_number,
    string_agg(
        distinct coalesce(
            known_actions.action_code, regexp_replace(lower(actions.action), '[^a-z0-9]+', '_', 'g')
        ), ','
        order by coalesce(
            known_actions.action_code, regexp_replace(lower(actions.action), '[^a-z0-9]+', '_', 'g')
        )
    ) as action_codes,
    coalesce(bool_or(known_actions.is_legal_action), false) as has_legal_action
from actions
left join known_actions on lower(actions.action) = lower(known_actions.action)
where actions.action <> ''
group by actions.delivery_id, actions.row_number
