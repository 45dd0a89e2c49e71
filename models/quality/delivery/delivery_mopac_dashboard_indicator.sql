with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'mopac_dashboard_indicator'
)

select * from received
