{#-
    The key, required and requested columns of a contract in one row of its raw table, as a list: the column's name, is
    a value wanted in this row, and is it blank although it is. As the gate counts them (swp.gate.flags).
-#}
{% macro wanted_fields(contract) %}
    {%- set fields = [] -%}
    {%- if execute -%}
        {%- for node in graph.sources.values() if node.name == contract -%}
            {%- set nulls = sql_text_list(node.config.meta.get('null_values', [])) -%}
            {%- for column in node.columns.values()
                if column.config.meta.get('need', 'optional') != 'optional' -%}
                {%- set excuse = column.config.meta.get('blank_when') -%}
                {%- set is_wanted = 'not coalesce(' ~ excuse ~ ', false)' if excuse else 'true' -%}
                {%- set cleaned = 'vault.rules.clean(' ~ adapter.quote(column.name) ~ ', ' ~ nulls ~ ')' -%}
                {%- do fields.append(
                    "{'column_name': '" ~ column.name ~ "', 'is_wanted': " ~ is_wanted ~ ", 'is_blank': "
                    ~ cleaned ~ ' is null' ~ (' and ' ~ is_wanted if excuse else '') ~ '}'
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set placeholder = "{'column_name': '', 'is_wanted': true, 'is_blank': true}" -%}
    [{{ fields | join(',\n        ') if fields else placeholder }}]
{%- endmacro %}
