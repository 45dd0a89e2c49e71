-- The spellings of each ward of May 2022, as a key without case and signs. Old names are not in it: their
-- areas changed.
with

wards as (
    select * from {{ ref('westminster_wards') }}
),

spellings as (
    select
        ward_code,
        unnest(list_prepend(ward_name, string_split(coalesce(name_variants, ''), '|'))) as spelling
    from wards
)

select
    regexp_replace(upper(spelling), '[^A-Z0-9]+', '', 'g') as name_key,
    any_value(ward_code) as ward_code
from spellings
where spelling <> ''
group by name_key
