-- A delivered row may give several figures, never none; households of low income are counted, and are all
-- there.
with

screened as (
    select * from {{ ref('int_indicators__screened') }}
    where fate = 'kept'
),

figures as (
    select * from {{ ref('int_indicators__figures') }}
),

indicators as (
    select * from {{ ref('fct_published_indicators') }}
),

lost as (
    select
        screened.source,
        screened.delivery_id,
        count(*) as rows_lost
    from screened
    anti join figures
        on screened.delivery_id = figures.delivery_id and screened.row_number = figures.row_number
    where screened.source <> 'lift_household'
    group by screened.source, screened.delivery_id
),

kept_households as (
    select
        delivery_id,
        count(*) as households
    from screened
    where source = 'lift_household'
    group by delivery_id
),

counted_households as (
    select
        delivery_id,
        sum(value) as households
    from indicators
    where indicator_name = 'Low income households'
    group by delivery_id
)

select
    source,
    delivery_id,
    rows_lost
from lost
union all
select
    'lift_household' as source,
    kept_households.delivery_id,
    kept_households.households - coalesce(counted_households.households, 0) as rows_lost
from kept_households
left join counted_households on kept_households.delivery_id = counted_households.delivery_id
where kept_households.households is distinct from counted_households.households
