-- Every delivered report on an action with its fate: of each action and day the latest publication counts.
with

actions as (
    select * from {{ ref('stg_community_safety__strategy_actions') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

screened as (
    {{ screened_by_key('actions', ['action_ref', 'reported_on']) }}
)

select * from screened
