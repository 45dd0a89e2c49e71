{#-
    In place of dbt-duckdb's: a primary key of a contract is proved after the table is written, by
    assert_primary_key, and not kept as an index, which costs a large table several times its own making
    (decision 0015). All other constraints are the database's.
-#}
{% macro duckdb__get_table_columns_and_constraints() -%}
    {%- set kept = model['constraints'] | rejectattr('type', 'equalto', 'primary_key') | list -%}
    {%- set constraints = adapter.render_raw_columns_constraints(raw_columns=model['columns'])
        + adapter.render_raw_model_constraints(raw_constraints=kept) -%}
    (
        {{ constraints | join(',\n        ') }}
    )
{%- endmacro %}
