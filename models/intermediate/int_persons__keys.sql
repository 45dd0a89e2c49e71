-- The records of an agency's person all have one person key, so these are its pairs, each once.
with

linked as (
    select * from {{ ref('int_persons__linked') }}
)

select distinct
    own_key,
    person_key
from linked
