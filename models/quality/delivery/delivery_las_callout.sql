with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'las_callout'
)

select * from received
