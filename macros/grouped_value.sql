{#- The value of the numbered key that a grouping set has, as text; 'all' where it has none. -#}
{% macro grouped_value(key, names) -%}
    case
    {%- for name in names %}
            when grouping({{ key }}_{{ loop.index }}) = 0 then cast({{ key }}_{{ loop.index }} as varchar)
    {%- endfor %}
        when true then 'all'
    end
{%- endmacro %}
