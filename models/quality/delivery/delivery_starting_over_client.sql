with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'starting_over_client'
)

select * from received
