with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'rsl_asb_case'
)

select * from received
