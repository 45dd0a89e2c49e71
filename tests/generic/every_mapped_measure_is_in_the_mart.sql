{#- A mart has at least one row of each measure that the seed maps to its recommendation, and of no other. -#}
{% test every_mapped_measure_is_in_the_mart(model, recommendation) %}

with

mapped as (
    select measure_id
    from {{ ref('recommendation_measures') }}
    where recommendation_id = '{{ recommendation }}'
),

held as (
    select distinct
        recommendation_id,
        measure_id
    from {{ model }}
)

select
    mapped.measure_id as measure_mapped,
    held.measure_id as measure_held,
    held.recommendation_id
from mapped
full outer join held on mapped.measure_id = held.measure_id
where
    mapped.measure_id is null
    or held.measure_id is null
    or held.recommendation_id <> '{{ recommendation }}'

{% endtest %}
