{#- A wide view has the numbers of its mart: as many filled cells per measure, and the same sum. -#}
{% test every_value_of_the_mart_is_in_the_wide_view(model, mart, measures) %}

with

long_values as (
    select
        measure_id,
        count(value) as filled,
        sum(value) as total
    from {{ mart }}
    group by measure_id
),

wide_values as (
    {% for measure_id, column in measures.items() %}
        select
            '{{ measure_id }}' as measure_id,
            count({{ column }}) as filled,
            sum({{ column }}) as total
        from {{ model }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    coalesce(long_values.measure_id, wide_values.measure_id) as measure_id,
    long_values.filled as filled_in_mart,
    wide_values.filled as filled_in_view
from long_values
full outer join wide_values on long_values.measure_id = wide_values.measure_id
where
    long_values.filled is distinct from wide_values.filled
    or abs(long_values.total - wide_values.total) > 0.000001 * abs(long_values.total)

{% endtest %}
