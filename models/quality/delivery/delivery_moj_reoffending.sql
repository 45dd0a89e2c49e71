with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'moj_reoffending'
)

select * from received
