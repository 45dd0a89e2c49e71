with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'asb_triage_referral'
)

select * from received
