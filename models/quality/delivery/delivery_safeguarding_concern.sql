with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'safeguarding_concern'
)

select * from received
