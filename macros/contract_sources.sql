{#- One row per delivery contract, read from the source YAML: source id, supplier, cadence, what is asked. -#}
{% macro contract_sources() %}
    {%- set cadences = {'monthly': 1, 'quarterly': 3, 'termly': 4, 'half-yearly': 6, 'yearly': 12} -%}
    {%- set rows = [] -%}
    {%- if execute -%}
        {%- for node in graph.sources.values() | sort(attribute='name') if node.schema == 'raw' -%}
            {%- set meta = node.config.meta -%}
            {%- do rows.append(
                "('" ~ node.name ~ "', '" ~ meta.source_id ~ "', '" ~ meta.supplier | replace("'", "''") ~ "', '"
                ~ meta.origin ~ "', '" ~ meta.get('cadence', '') ~ "', " ~ cadences.get(meta.get('cadence', ''), 0)
                ~ ", " ~ meta.get('due_days', 0) ~ ", " ~ meta.get('asked_months', 0)
                ~ ", " ~ ('pattern_columns' in meta)
                ~ ", " ~ (
                    meta.get('continuous', meta.get('mode', 'append') == 'append')
                    and meta.get('period_column') is not none
                ) ~ ", " ~ meta.get('publishers_expected', 0)
                ~ ", '" ~ meta.get('sharing_agreement', '') | replace("'", "''") ~ "')"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    select *
    from (
        values
        {{ rows | join(',\n        ') if rows else "('', '', '', '', '', 0, 0, 0, false, false, 0, '')" }}
    ) as contracts (
        source, source_id, supplier, origin, cadence, cadence_months, due_days, asked_months, holds_counts,
        is_continuous, publishers_expected, sharing_agreement
    )
{% endmacro %}
