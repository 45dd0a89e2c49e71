with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'btp_incident'
)

select * from received
