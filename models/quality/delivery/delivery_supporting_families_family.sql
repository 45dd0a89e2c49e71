with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'supporting_families_family'
)

select * from received
