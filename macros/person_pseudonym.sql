{#-
    The key of an agency's person: the same as own_key of int_persons__linked, so that both can be joined; null
    without a reference.
-#}
{% macro person_pseudonym(agency, reference) -%}
    person_hmac({{ agency }} || '|' || nullif(upper(trim(cast({{ reference }} as varchar))), ''))
{%- endmacro %}
