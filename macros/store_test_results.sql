{#-
    After a run that tested: keeps the latest result of every test as a row of quality.test_runs, with the day on
    which it was first seen failing. The macro ensure_test_runs makes the table.
-#}
{% macro store_test_results(results) %}
    {%- if execute and flags.WHICH in ('test', 'build') -%}
        {%- set statuses = {'pass': 'passed', 'fail': 'failed', 'warn': 'warned', 'error': 'error'} -%}
        {%- set rows = [] -%}
        {%- for result in results if result.node.resource_type in ('test', 'unit_test')
            and result.status | string in statuses -%}
            {%- do rows.append(
                "('" ~ result.node.name ~ "', '" ~ statuses[result.status | string] ~ "', "
                ~ (result.failures if result.failures is not none else 0) ~ ")"
            ) -%}
        {%- endfor -%}
        {%- if rows -%}
            {%- do run_query(
                "insert into quality.test_runs select results.test_name, results.status, results.failing, "
                ~ "cast(now() at time zone 'UTC' as timestamp), "
                ~ "case when results.status <> 'passed' then cast(now() at time zone 'UTC' as timestamp) end from (values "
                ~ rows | join(', ') ~ ") as results (test_name, status, failing) "
                ~ "on conflict (test_name) do update set status = excluded.status, failing = excluded.failing, "
                ~ "run_at = excluded.run_at, first_failed_at = case when excluded.status <> 'passed' "
                ~ "then coalesce(test_runs.first_failed_at, excluded.first_failed_at) end"
            ) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
