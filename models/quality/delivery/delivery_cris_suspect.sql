with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'cris_suspect'
)

select * from received
