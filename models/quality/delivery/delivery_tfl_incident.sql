with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'tfl_incident'
)

select * from received
