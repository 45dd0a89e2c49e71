with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'mps_dashboard_monthly'
)

select * from received
