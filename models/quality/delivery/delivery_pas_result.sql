with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'pas_result'
)

select * from received
