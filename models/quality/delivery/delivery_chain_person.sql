with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'chain_person'
)

select * from received
