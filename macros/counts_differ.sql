{#- Do two Poisson counts of equal exposure differ by more than chance (5%, normal approximation)? -#}
{% macro counts_differ(count, previous) -%}
    abs({{ count }} - {{ previous }}) > 1.959964 * sqrt({{ count }} + {{ previous }})
{%- endmacro %}
