{#- "Today": the var `as_of`, else the sample's own date, else the real one. -#}
{% macro as_of_date() -%}
    {%- if var('as_of') -%}
        date '{{ var("as_of") }}'
    {%- else -%}
        (select coalesce(max(as_of_date), current_date) from {{ ref('stg_ledger__home') }})
    {%- endif -%}
{%- endmacro %}
