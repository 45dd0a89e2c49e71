with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'lfb_incident'
)

select * from received
