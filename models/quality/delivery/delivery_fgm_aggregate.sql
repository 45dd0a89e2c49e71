with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'fgm_aggregate'
)

select * from received
