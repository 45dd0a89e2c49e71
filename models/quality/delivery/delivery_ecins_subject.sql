with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'ecins_subject'
)

select * from received
