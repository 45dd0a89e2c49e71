with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'yjs_need'
)

select * from received
