with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'nrm_referral'
)

select * from received
