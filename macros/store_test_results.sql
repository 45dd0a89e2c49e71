{#-
    After a run that tested: keeps the latest result of every test as a row of quality.test_runs, with the number of rows
    that it looked at (of a unit test, those that it expects) and the day on which it was first seen failing. A unit test
    brings its description along: dbt does not show unit tests to models. The macro ensure_test_runs makes the table.
-#}
{% macro store_test_results(results) %}
    {%- if execute and flags.WHICH in ('test', 'build') -%}
        {%- set statuses = {'pass': 'passed', 'fail': 'failed', 'warn': 'warned', 'error': 'error'} -%}
        {%- set rows = [] -%}
        {%- set counts = ['select null'] -%}
        {%- for result in results if result.node.resource_type in ('test', 'unit_test')
            and result.status | string in statuses -%}
            {%- set node = result.node -%}
            {%- set is_unit_test = node.resource_type == 'unit_test' -%}
            {%- if is_unit_test -%}
                {%- set rows_of_sql = node.config.expected_sql -%}
                {%- set count = none if rows_of_sql else 'select ' ~ node.config.expected_rows | length -%}
            {%- else -%}
                {#- A test that broke may sit on a table that is not there. -#}
                {%- set count = none if result.status | string == 'error' else tested_rows(node) -%}
            {%- endif -%}
            {%- if count and count not in counts -%}
                {%- do counts.append(count) -%}
            {%- endif -%}
            {%- do rows.append(
                "('" ~ node.name ~ "', '" ~ statuses[result.status | string] ~ "', "
                ~ (result.failures if result.failures is not none else 0) ~ ", "
                ~ counts.index(count or 'select null') ~ ", "
                ~ ("'" ~ (node.description or node.name) | replace("\n", ' ') | replace("'", "''") ~ "'"
                   if is_unit_test else 'null') ~ ")"
            ) -%}
        {%- endfor -%}
        {%- if rows -%}
            {%- set counted = [] -%}
            {%- for count in counts -%}
                {%- do counted.append("select " ~ loop.index0 ~ " as place, (" ~ count ~ ") as tested") -%}
            {%- endfor -%}
            {%- do run_query(
                "insert into quality.test_runs by name with counted as (" ~ counted | join(" union all ") ~ ") "
                ~ "select results.test_name, results.status, results.failing, counted.tested, "
                ~ "cast(now() at time zone 'UTC' as timestamp) as run_at, "
                ~ "case when results.status <> 'passed' then cast(now() at time zone 'UTC' as timestamp) end "
                ~ "as first_failed_at, results.unit_test_description from (values "
                ~ rows | join(', ') ~ ") as results (test_name, status, failing, place, unit_test_description) "
                ~ "left join counted on results.place = counted.place "
                ~ "on conflict (test_name) do update set status = excluded.status, failing = excluded.failing, "
                ~ "tested = excluded.tested, unit_test_description = excluded.unit_test_description, "
                ~ "run_at = excluded.run_at, first_failed_at = case when excluded.status <> 'passed' "
                ~ "then coalesce(test_runs.first_failed_at, excluded.first_failed_at) end"
            ) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
