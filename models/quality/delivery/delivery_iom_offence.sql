with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'iom_offence'
)

select * from received
