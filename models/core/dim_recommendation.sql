with

recommendations as (
    select * from {{ ref('recommendations') }}
)

select * from recommendations
