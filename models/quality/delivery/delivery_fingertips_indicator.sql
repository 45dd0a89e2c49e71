with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'fingertips_indicator'
)

select * from received
