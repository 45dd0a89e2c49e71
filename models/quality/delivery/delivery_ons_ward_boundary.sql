with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'ons_ward_boundary'
)

select * from received
