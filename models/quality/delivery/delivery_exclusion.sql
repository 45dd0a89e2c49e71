with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'exclusion'
)

select * from received
