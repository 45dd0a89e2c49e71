with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'neighbourhood_activity'
)

select * from received
