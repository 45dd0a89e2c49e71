-- A place of a gap is a field or period that a contract asks for, and its dbt test is one of the project.
with

places as (
    select * from {{ ref('printed_gap_places') }}
),

requirements as (
    select * from {{ ref('source_requirements') }}
),

tests as (
    select * from {{ ref('test_results') }}
    where kind = 'dbt test'
)

select places.*
from places
left join requirements on places.source = requirements.source and places.field = requirements.field
left join tests on places.check_name = tests.test_name
where
    (requirements.source is null and places.field is not null)
    or (places.found_by = 'delivery_test' and tests.test_name is null)
    or (places.found_by in ('gate_check', 'delivery_test')) <> (places.check_name is not null)
