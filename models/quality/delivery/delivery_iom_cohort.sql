with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'iom_cohort'
)

select * from received
