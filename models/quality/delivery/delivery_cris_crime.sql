with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'cris_crime'
)

select * from received
