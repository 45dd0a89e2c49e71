with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'mopac_victim_services'
)

select * from received
