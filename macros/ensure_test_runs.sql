{#-
    Makes the empty table of test results before a first run, so that the view over it can be built; one of an earlier
    version gets what it lacks.
-#}
{% macro ensure_test_runs() %}
    {%- if execute and flags.WHICH in ('run', 'build', 'test') -%}
        {%- do run_query("create schema if not exists quality") -%}
        {%- do run_query(
            "create table if not exists quality.test_runs (test_name varchar primary key, status varchar not null, "
            ~ "failing bigint, run_at timestamp not null, first_failed_at timestamp)"
        ) -%}
        {%- for column in ('tested bigint', 'unit_test_description varchar') -%}
            {%- do run_query("alter table quality.test_runs add column if not exists " ~ column) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
