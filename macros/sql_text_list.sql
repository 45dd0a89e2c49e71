{#- A list of texts as a DuckDB list. -#}
{% macro sql_text_list(values) -%}
    [{% for value in values %}'{{ value | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor %}]
{%- endmacro %}
