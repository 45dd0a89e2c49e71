with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'noise_complaint'
)

select * from received
