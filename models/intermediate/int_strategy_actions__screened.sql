-- Every delivered report on an action with its fate: of each action and day the latest publication counts.
with

actions as (
    select * from {{ ref('stg_community_safety__strategy_actions') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

ranked as (
    select
        actions.*,
        deliveries.published_on,
        deliveries.data_origin,
        first_value(actions.delivery_id) over latest as latest_delivery_id,
        row_number() over latest as place
    from actions
    inner join deliveries on actions.delivery_id = deliveries.delivery_id
    window
        latest as (
            partition by actions.action_ref, actions.reported_on
            order by deliveries.published_on desc, actions.delivery_id desc, actions.row_number desc
        )
)

select
    * exclude (latest_delivery_id, place),
    case
        when delivery_id <> latest_delivery_id then 'superseded_publication'
        when place > 1 then 'repeated_reference'
        else 'kept'
    end as fate
from ranked
