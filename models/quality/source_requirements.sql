with

requirements as (
    select * from {{ ref('int_contracts__requirements') }}
)

select
    source || ':' || field as requirement_key,
    *
from requirements
