with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'asb_satisfaction_answer'
)

select * from received
