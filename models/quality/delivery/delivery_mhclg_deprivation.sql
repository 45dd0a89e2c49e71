with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'mhclg_deprivation'
)

select * from received
