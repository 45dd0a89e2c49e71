with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'gdp_deflator'
)

select * from received
