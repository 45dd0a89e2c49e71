with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'csew_estimate'
)

select * from received
