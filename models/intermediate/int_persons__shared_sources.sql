-- One row per contract under whose sharing agreement records of persons may be linked with those of other
-- agencies. `linkage: own_agency` in the meta of a contract forbids it.
{%- set shared = [] -%}
{%- if execute -%}
    {%- for node in graph.sources.values() if node.schema == 'raw' -%}
        {%- set agreement = node.config.meta.get('sharing_agreement', '') -%}
        {%- if agreement and agreement != 'none needed' and node.config.meta.get('linkage') != 'own_agency' -%}
            {%- do shared.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endif %}
select unnest({{ sql_text_list(shared | sort) }}) as source
