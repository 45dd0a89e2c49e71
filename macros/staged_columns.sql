{#-
    The columns of a contract's raw table, cast as the contract states, one staging column each.
    A typed column that may fail to parse keeps its delivered text beside it as <column>_text.
-#}
{% macro staged_columns(contract) %}
    {%- set found = namespace(node=none) -%}
    {%- if execute -%}
        {%- for node in graph.sources.values() if node.name == contract -%}
            {%- set found.node = node -%}
        {%- endfor -%}
        {%- set table_meta = found.node.config.meta -%}
        {%- set pattern = (table_meta.get('pattern_columns') or {}).get('column') -%}
        {%- set nulls = sql_text_list(table_meta.get('null_values', [])) -%}
    {%- endif -%}
    delivery_id,
    row_number
    {%- if execute %}
        {%- for column in found.node.columns.values() if column.name != pattern %}
            {%- set meta = column.config.meta %}
            {%- set type = meta.get('type', 'text') %}
            {%- set name = adapter.quote(column.name) %}
            {%- set value -%}
                vault.rules.as_{{ type }}({{ name }}, {{ sql_text_list(meta.get('formats', [])) }}, {{ nulls }})
            {%- endset %}
    ,
            {%- if meta.get('range') %}
    case when {{ value }} between {{ meta.range[0] }} and {{ meta.range[1] }} then {{ value }} end as {{ name }}
            {%- else %}
    {{ value }} as {{ name }}
            {%- endif %}
            {%- if type not in ('text', 'code', 'json') and meta.get('need') != 'key' %}
    ,
    vault.rules.clean({{ name }}, {{ nulls }}) as {{ adapter.quote(column.name ~ '_text') }}
            {%- endif %}
        {%- endfor %}
        {%- if pattern %}
    ,
    {{ adapter.quote(pattern) }}
        {%- endif %}
    {%- endif %}
{% endmacro %}
