with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'perpetrator_programme_referral'
)

select * from received
