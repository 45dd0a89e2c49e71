with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'strategy_action'
)

select * from received
