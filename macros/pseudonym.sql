{#-
    A key over what a partner's own references or addresses say, keyed so that nobody can work it out who knows
    those: use it instead of surrogate_key wherever an expression is an identifier of the contract.
-#}
{% macro pseudonym(expressions) -%}
    person_hmac(
        concat_ws('|' {%- for expression in expressions %}, coalesce(cast({{ expression }} as varchar), ''){% endfor %})
    )
{%- endmacro %}
