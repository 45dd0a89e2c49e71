with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'licensing_premises'
)

select * from received
