with

deliveries as (
    select * from {{ ref('fct_deliveries') }}
)

select * from deliveries
