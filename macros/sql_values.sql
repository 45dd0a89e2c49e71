{#- Rows of texts as the list after `values`, quotes doubled. -#}
{% macro sql_values(rows) -%}
    {%- set lines = [] -%}
    {%- for row in rows -%}
        {%- do lines.append("('" ~ row | map('replace', "'", "''") | join("', '") ~ "')") -%}
    {%- endfor -%}
    {{ lines | join(',\n        ') }}
{%- endmacro %}
