with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'istv_attendance'
)

select * from received
