{#- The age band that measures carry, of an age in whole years; null where the age is not known. -#}
{% macro age_band(age) -%}
    case
        when {{ age }} < 18 then 'under 18'
        when {{ age }} < 25 then '18 to 24'
        when {{ age }} < 35 then '25 to 34'
        when {{ age }} < 45 then '35 to 44'
        when {{ age }} < 55 then '45 to 54'
        when {{ age }} < 65 then '55 to 64'
        when {{ age }} >= 65 then '65 and over'
    end
{%- endmacro %}
