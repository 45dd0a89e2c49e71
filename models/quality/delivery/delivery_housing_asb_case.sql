with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'housing_asb_case'
)

select * from received
