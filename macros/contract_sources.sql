{#- One row per delivery contract, read from the source YAML: its name, source id, supplier and cadence. -#}
{% macro contract_sources() %}
    {%- set rows = [] -%}
    {%- if execute -%}
        {%- for node in graph.sources.values() | sort(attribute='name') if node.schema == 'raw' -%}
            {%- set meta = node.config.meta -%}
            {%- do rows.append(
                "('" ~ [node.name, meta.source_id, meta.supplier | replace("'", "''"), meta.cadence, meta.due_days]
                | join("', '") ~ "')"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    select *
    from (
        values
        {{ rows | join(',\n        ') if rows else "('', '', '', '', '0')" }}
    ) as contracts (source, source_id, supplier, cadence, due_days)
{% endmacro %}
