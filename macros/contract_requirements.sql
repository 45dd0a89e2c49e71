{#-
    What the contracts ask for, as rows: each key, required and requested field of each source, and its period.
    Read from the source YAML, so that a new column is asked for as soon as it is written there. What the law
    asks for as well says so, in the words of swp.contracts.
-#}
{% macro contract_requirements() %}
    {%- set law = 'It is among what the law asks of you each quarter, without personal data '
        ~ '(Crime and Disorder Act 1998 s.17A, SI 2007/1831).' -%}
    {%- set rows = [] -%}
    {%- if execute -%}
        {%- for node in graph.sources.values() | sort(attribute='name') if node.schema == 'raw' -%}
            {%- set meta = node.config.meta -%}
            {%- set served = [] -%}
            {%- for column in node.columns.values() -%}
                {%- set asked = column.config.meta -%}
                {%- do served.extend(asked.get('serves', [])) -%}
                {%- if asked.get('need') in ('key', 'required', 'requested') and column.name
                    != (meta.get('pattern_columns') or {}).get('column') -%}
                    {%- do rows.append([
                        node.name, 'field', column.name, asked.get('label', column.name), asked.need,
                        asked.get('serves', []) | join(','),
                        (asked.get('ask', '') ~ (' ' ~ law if asked.get('statutory') else '')) | trim,
                    ]) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- do rows.append([
                node.name, 'period', '(period)', 'period', 'required', served | unique | sort | join(','),
                meta.get('ask', ''),
            ]) -%}
        {%- endfor -%}
    {%- endif -%}
    select *
    from (
        values
        {{ sql_values(rows or [['', 'field', '', '', 'key', '', '']]) }}
    ) as requirements (source, kind, field, label, need, recommendations, ask)
{% endmacro %}
