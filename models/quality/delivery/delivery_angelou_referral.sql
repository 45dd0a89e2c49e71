with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'angelou_referral'
)

select * from received
