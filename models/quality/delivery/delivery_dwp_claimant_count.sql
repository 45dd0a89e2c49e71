with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'dwp_claimant_count'
)

select * from received
