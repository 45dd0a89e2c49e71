{#- The lower ('-') or upper ('+') 95% bound of a Poisson count by Byar's approximation, as a count. -#}
{% macro byar_bound(count, side) -%}
    {%- if side == '-' -%}
        ({{ count }} * power(1 - 1 / (9.0 * {{ count }}) - 1.959964 / (3 * sqrt({{ count }})), 3))
    {%- else -%}
        (({{ count }} + 1) * power(1 - 1 / (9.0 * ({{ count }} + 1)) + 1.959964 / (3 * sqrt({{ count }} + 1)), 3))
    {%- endif -%}
{%- endmacro %}
