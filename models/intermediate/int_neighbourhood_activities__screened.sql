-- Every delivered activity with its fate: of each reference the latest publication counts.
with

activities as (
    select * from {{ ref('stg_wcc_asb__neighbourhood_activities') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

ranked as (
    select
        activities.*,
        deliveries.published_on,
        deliveries.data_origin,
        first_value(activities.delivery_id) over latest as latest_delivery_id,
        row_number() over latest as place
    from activities
    inner join deliveries on activities.delivery_id = deliveries.delivery_id
    window
        latest as (
            partition by activities.activity_ref
            order by deliveries.published_on desc, activities.delivery_id desc, activities.row_number desc
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
