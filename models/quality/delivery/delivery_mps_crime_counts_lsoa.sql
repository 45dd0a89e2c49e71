with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'mps_crime_counts_lsoa'
)

select * from received
