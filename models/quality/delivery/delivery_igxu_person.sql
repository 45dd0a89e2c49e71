with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'igxu_person'
)

select * from received
