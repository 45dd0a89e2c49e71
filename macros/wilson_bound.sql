{#- The lower ('-') or upper ('+') 95% Wilson bound of a proportion, as a share of 1; null without a base. -#}
{% macro wilson_bound(numerator, denominator, side) -%}
    (
        ({{ numerator }} + 1.920729440648)
        {{ side }} 1.959964 * sqrt(
            greatest({{ numerator }} * (1 - {{ numerator }} / nullif(cast({{ denominator }} as double), 0)), 0)
            + 0.960364720324
        )
    ) / ({{ denominator }} + 3.841458881296)
{%- endmacro %}
