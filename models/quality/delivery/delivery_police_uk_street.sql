with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'police_uk_street'
)

select * from received
