{#- Do two proportions differ by more than chance (5%, pooled two-sample test)? Null without both bases. -#}
{% macro shares_differ(numerator, denominator, previous_numerator, previous_denominator) -%}
    abs(
        {{ numerator }} / nullif(cast({{ denominator }} as double), 0)
        - {{ previous_numerator }} / nullif(cast({{ previous_denominator }} as double), 0)
    ) > 1.959964 * sqrt(
        greatest(
            ({{ numerator }} + {{ previous_numerator }})
            / nullif(cast({{ denominator }} + {{ previous_denominator }} as double), 0)
            * (
                1 - ({{ numerator }} + {{ previous_numerator }})
                / nullif(cast({{ denominator }} + {{ previous_denominator }} as double), 0)
            ),
            0
        )
        * (1 / nullif(cast({{ denominator }} as double), 0) + 1 / nullif(cast({{ previous_denominator }} as double), 0))
    )
{%- endmacro %}
