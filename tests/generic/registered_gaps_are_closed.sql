{% test registered_gaps_are_closed(model) %}
    -- Gaps that the register knows and that are not filled yet: shown with their age, never a failure.
    select *
    from {{ model }}
    where
        gap_state = 'registered'
        {% if var('delivery') %}
            and delivery_id = '{{ var("delivery") }}'
        {% endif %}
{% endtest %}
