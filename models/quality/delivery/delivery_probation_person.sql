with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'probation_person'
)

select * from received
