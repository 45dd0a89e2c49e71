with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'uss_result'
)

select * from received
