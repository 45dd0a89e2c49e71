{#-
    The rows of a mart with a column per measure. `columns` names the column of each measure_id. A row's status
    is the worst of its measures, in the order of the closed list; an empty cell has no row or no value.
-#}
{% macro wide_measures(mart, columns) %}
    {% set grain = [
        'period_type', 'period_start', 'period_end', 'area_type', 'area_code', 'area_name', 'geography_vintage',
        'breakdown', 'category', 'breakdown_2', 'category_2',
    ] | join(', ') %}
    {% set worst_first = [
        'suppressed', 'not_applicable', 'not_supplied', 'insufficient_lookback', 'low_base', 'partial_period', 'ok',
    ] %}
    select
        {{ grain }},
        {% for measure_id, column in columns.items() %}
            max(case when measure_id = '{{ measure_id }}' then value end) as {{ column }},
        {% endfor %}
        arg_min(status, list_position({{ sql_text_list(worst_first) }}, status)) as status,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from {{ mart }}
    group by {{ grain }}
{% endmacro %}
