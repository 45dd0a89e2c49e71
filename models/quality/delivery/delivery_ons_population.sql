with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'ons_population'
)

select * from received
