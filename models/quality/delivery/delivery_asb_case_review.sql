with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'asb_case_review'
)

select * from received
