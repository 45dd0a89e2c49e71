with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'lift_household'
)

select * from received
