with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'yjs_person'
)

select * from received
