with

definitions as (
    select * from {{ ref('definitions') }}
)

select * from definitions
