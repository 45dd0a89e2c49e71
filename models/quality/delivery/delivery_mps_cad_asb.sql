with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'mps_cad_asb'
)

select * from received
