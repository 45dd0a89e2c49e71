{#- One row per dbt test of the project with what its YAML says: description, owner, severity, harm done. -#}
{% macro declared_tests() %}
    {%- set rows = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | sort(attribute='name') if node.resource_type == 'test' -%}
            {%- set meta = node.config.meta or {} -%}
            {%- do rows.append([
                node.name, (node.description or '') | replace('\n', ' '), meta.get('owner', ''),
                meta.get('dimension', ''), node.config.severity | lower, meta.get('recommendations', []) | join(','),
            ]) -%}
        {%- endfor -%}
    {%- endif -%}
    select *
    from (
        values
        {{ sql_values(rows or [['', '', '', '', '', '']]) }}
    ) as tests (test_name, description, owner, dimension, severity, recommendations)
{% endmacro %}
