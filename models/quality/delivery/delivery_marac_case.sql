with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'marac_case'
)

select * from received
