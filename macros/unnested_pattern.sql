{#-
    One row per delivered row and pattern column (months as columns): the heading as text and the value cast.
    `relation` is a CTE with the map column `map_column`; the map itself is dropped.
-#}
{% macro unnested_pattern(relation, map_column, name_to, value_to) %}
    select
        * exclude ({{ map_column }}, entry),
        entry.key as {{ name_to }},
        vault.rules.as_integer(entry.value, [], []) as {{ value_to }}
    from (
        select
            *,
            unnest(map_entries({{ map_column }})) as entry
        from {{ relation }}
    )
{% endmacro %}
