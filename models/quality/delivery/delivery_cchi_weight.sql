with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'cchi_weight'
)

select * from received
