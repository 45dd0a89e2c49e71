with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'ho_unit_cost'
)

select * from received
