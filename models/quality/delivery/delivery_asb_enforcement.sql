with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'asb_enforcement'
)

select * from received
