with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'ndtms_aggregate'
)

select * from received
