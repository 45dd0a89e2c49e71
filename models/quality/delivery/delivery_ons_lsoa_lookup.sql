with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'ons_lsoa_lookup'
)

select * from received
