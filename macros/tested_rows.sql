{#-
    SQL that counts the rows which a data test looked at: those of the table or view that it sits on, within its `where`
    and, of delivery tests, its kind and delivery. A singular test names its table in meta (`tests`). Empty where
    there is no table.
-#}
{% macro tested_rows(node) %}
    {%- set named = node.config.meta.get('tests') -%}
    {%- set tables = [node.attached_node] if node.attached_node else [] -%}
    {%- for parent in node.depends_on.nodes if not node.attached_node and parent.split('.')[-1] == named -%}
        {%- do tables.append(parent) -%}
    {%- endfor -%}
    {%- set conditions = [node.config.where or 'true'] -%}
    {%- if node.attached_node and node.test_metadata.kwargs.get('kind') -%}
        {%- do conditions.append("kind = '" ~ node.test_metadata.kwargs.get('kind') ~ "'") -%}
    {%- endif -%}
    {%- if 'delivery' in node.tags and var('delivery') -%}
        {%- do conditions.append("delivery_id = '" ~ var('delivery') ~ "'") -%}
    {%- endif -%}
    {%- if tables -%}
        {%- set table = graph.nodes.get(tables[0]) or graph.sources[tables[0]] -%}
        {%- set where = conditions | join(") and (") -%}
        {%- do return("select count(*) from " ~ table.relation_name ~ " where (" ~ where ~ ")") -%}
    {%- endif -%}
{% endmacro %}
