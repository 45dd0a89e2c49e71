{#- Which of the numbered keys a grouping set has: its name, or its label; 'all' for none. -#}
{% macro grouped_name(key, names, labels={}) -%}
    case
    {%- for name in names %}
            when grouping({{ key }}_{{ loop.index }}) = 0 then {{ labels.get(name, "'" ~ name ~ "'") }}
    {%- endfor %}
        when true then 'all'
    end
{%- endmacro %}
