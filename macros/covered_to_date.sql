{#- The last day to which all named sources were delivered, of those delivered at all; null if none was. -#}
{% macro covered_to_date(sources) -%}
    (
        select min(covered_to)
        from (
            select last_day(max(month)) as covered_to
            from {{ ref('bridge_covered_months') }}
            where source in {{ sql_text_list(sources) }}
            group by source
        )
    )
{%- endmacro %}
