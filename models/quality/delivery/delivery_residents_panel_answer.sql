with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'residents_panel_answer'
)

select * from received
