{% test gaps_are_registered(model, kind) %}
    -- Fields or periods that are missing and not in the gap register, or whose registration has expired.
    select *
    from {{ model }}
    where
        kind = '{{ kind }}'
        and gap_state in ('open', 'expired')
        {% if var('delivery') %}
            and delivery_id = '{{ var("delivery") }}'
        {% endif %}
{% endtest %}
