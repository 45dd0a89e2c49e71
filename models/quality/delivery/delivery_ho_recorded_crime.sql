with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'ho_recorded_crime'
)

select * from received
