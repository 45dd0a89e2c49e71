{#-
    The age band that measures carry, of an age in whole years; null where the age is not known. The fine bands
    are those that add up to any that the assessment prints.
-#}
{% macro age_band(age, fine=false) -%}
    {%- set starts = [18, 25, 35, 45, 55, 65] -%}
    {%- if fine -%}
        {%- set starts = [10, 15, 18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65] -%}
    {%- endif -%}
    case
        when {{ age }} < {{ starts[0] }} then 'under {{ starts[0] }}'
    {%- for start in starts[:-1] %}
            when {{ age }} < {{ starts[loop.index] }} then '{{ start }} to {{ starts[loop.index] - 1 }}'
    {%- endfor %}
        when {{ age }} >= {{ starts[-1] }} then '{{ starts[-1] }} and over'
    end
{%- endmacro %}
