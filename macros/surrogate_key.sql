{#- A key of 32 hexadecimal digits over the named expressions; a null counts as an empty text. -#}
{% macro surrogate_key(expressions) -%}
    md5(concat_ws('|' {%- for expression in expressions %}, coalesce(cast({{ expression }} as varchar), ''){% endfor %}))
{%- endmacro %}
