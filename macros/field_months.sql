{#-
    Completeness by month: one row per delivery, month and field of each contract, counted in one pass over
    each staging model of `relations`. The contract says which column dates a row, which blanks are excused and
    what recommendations a field serves. A row whose date is blank has no month; nor has any row of a contract
    that dates none.
-#}
{% macro field_months(relations) %}
    {%- set parts = [] -%}
    {%- if execute -%}
        {%- for relation in relations -%}
            {%- set found = namespace(contract=none) -%}
            {%- for model in graph.nodes.values() if model.name == relation.identifier -%}
                {%- set source_id = model.depends_on.nodes | select('in', graph.sources) | first -%}
                {%- set found.contract = graph.sources[source_id] -%}
            {%- endfor -%}
            {%- do parts.append(_field_months_of(relation, found.contract)) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if parts -%}
        {{ parts | join('\nunion all\n') }}
    {%- else -%}
        select
            '' as source,
            '' as delivery_id,
            null as month,
            '' as field
    {%- endif -%}
{% endmacro %}


{#- Private: the same of one staging model and its contract. -#}
{% macro _field_months_of(relation, contract) %}
    {%- set meta = contract.config.meta -%}
    {%- set pattern = meta.get('pattern_columns') or {} -%}
    {%- set texts = [] -%}
    {%- set failures = [] -%}
    {%- set counts = [] -%}
    {%- for column in contract.columns.values() if column.name != pattern.get('column') -%}
        {%- set asked = column.config.meta -%}
        {%- set name = adapter.quote(column.name) -%}
        {%- set may_fail = asked.get('type', 'text') not in ('text', 'code', 'json') -%}
        {%- set has_text = may_fail and asked.get('need') != 'key' -%}
        {%- set text = adapter.quote(column.name ~ '_text') -%}
        {%- set excuse = asked.get('blank_when') -%}
        {%- set excused = 'coalesce(' ~ excuse ~ ', false)' if excuse else 'false' -%}
        {%- do texts.append(
            ('staged.' ~ text if has_text else 'cast(staged.' ~ name ~ ' as varchar)') ~ ' as ' ~ name
        ) -%}
        {%- if has_text -%}
            {%- do failures.append(
                'staged.' ~ text ~ ' is not null and staged.' ~ name ~ ' is null as failed_' ~ loop.index
            ) -%}
        {%- endif -%}
        {%- do counts.append(
            "{'field': '" ~ column.name ~ "', 'label': '" ~ asked.get('label', column.name) | replace("'", "''")
            ~ "', 'need': '" ~ asked.get('need', 'optional')
            ~ "', 'recommendations': '" ~ asked.get('serves', []) | join(',')
            ~ "', 'rows_applicable': count(*) filter (not " ~ excused
            ~ "), 'rows_blank': count(*) filter (" ~ name ~ " is null and not " ~ excused
            ~ "), 'rows_unparseable': "
            ~ ('count(*) filter (failed_' ~ loop.index ~ ')' if has_text else '0') ~ "}"
        ) -%}
    {%- endfor -%}
    {%- set month -%}
        {%- if meta.get('period_column') -%}
            cast(date_trunc('month', staged.{{ adapter.quote(meta.period_column) }}) as date)
        {%- elif pattern and pattern.get('period', true) -%}
            staged.month
        {%- else -%}
            cast(null as date)
        {%- endif -%}
    {%- endset -%}
    {%- if pattern -%}
        {%- do texts.append('cast(staged.' ~ pattern.value_to ~ ' as varchar) as ' ~ pattern.value_to) -%}
        {%- do counts.append(
            "{'field': '" ~ pattern.value_to ~ "', 'label': '" ~ pattern.value_to ~ "', 'need': 'required'"
            ~ ", 'recommendations': '', 'rows_applicable': count(*), 'rows_blank': count(*) filter ("
            ~ pattern.value_to ~ " is null), 'rows_unparseable': 0}"
        ) -%}
    {%- endif -%}
    select
        source,
        delivery_id,
        month,
        has_period_column,
        rows,
        unnest(fields, recursive := true)
    from (
        select
            '{{ contract.name }}' as source,
            delivery_id,
            month_of_row as month,
            {{ 'true' if meta.get('period_column') or (pattern and pattern.get('period', true)) else 'false' }}
                as has_period_column,
            count(*) as rows,
            [
                {{ counts | join(',\n                ') }}
            ] as fields
        from (
            select
                staged.delivery_id,
                {{ month }} as month_of_row,
                {{ (texts + failures) | join(',\n                ') }}
            from {{ relation }} as staged
        )
        group by delivery_id, month_of_row
    )
{% endmacro %}
