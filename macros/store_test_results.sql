{#-
    After a run that tested: keeps the latest result of every test as a row of quality.test_runs, with the rows of the
    table that it looked at and the day on which it was first seen failing. A unit test brings its description along:
    dbt does not show unit tests to models. The macro ensure_test_runs makes the table.
-#}
{% macro store_test_results(results) %}
    {%- if execute and flags.WHICH in ('test', 'build') -%}
        {%- set statuses = {'pass': 'passed', 'fail': 'failed', 'warn': 'warned', 'error': 'error'} -%}
        {%- set rows = [] -%}
        {%- for result in results if result.node.resource_type in ('test', 'unit_test')
            and result.status | string in statuses -%}
            {%- set node = result.node -%}
            {%- set is_unit_test = node.resource_type == 'unit_test' -%}
            {%- set looked_at = '' if is_unit_test else (node.attached_node or '').split('.')[-1] -%}
            {%- do rows.append(
                "('" ~ node.name ~ "', '" ~ statuses[result.status | string] ~ "', "
                ~ (result.failures if result.failures is not none else 0) ~ ", '" ~ looked_at ~ "', "
                ~ ("'" ~ (node.description or node.name) | replace("\n", ' ') | replace("'", "''") ~ "'"
                   if is_unit_test else 'null') ~ ")"
            ) -%}
        {%- endfor -%}
        {%- if rows -%}
            {%- do run_query(
                "insert into quality.test_runs by name select results.test_name, results.status, results.failing, "
                ~ "cast(now() at time zone 'UTC' as timestamp) as run_at, "
                ~ "case when results.status <> 'passed' then cast(now() at time zone 'UTC' as timestamp) end "
                ~ "as first_failed_at, max(tables.estimated_size) as tested, "
                ~ "any_value(results.unit_test_description) as unit_test_description from (values "
                ~ rows | join(', ') ~ ") as results (test_name, status, failing, looked_at, unit_test_description) "
                ~ "left join duckdb_tables() as tables on results.looked_at = tables.table_name "
                ~ "group by results.test_name, results.status, results.failing "
                ~ "on conflict (test_name) do update set status = excluded.status, failing = excluded.failing, "
                ~ "tested = excluded.tested, unit_test_description = excluded.unit_test_description, "
                ~ "run_at = excluded.run_at, first_failed_at = case when excluded.status <> 'passed' "
                ~ "then coalesce(test_runs.first_failed_at, excluded.first_failed_at) end"
            ) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
