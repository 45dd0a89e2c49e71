with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'school_census_aggregate'
)

select * from received
