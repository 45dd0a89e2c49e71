{% test share_at_fault_is_at_most(model, percent, column='share_pct') %}
    -- Periods and categories of a delivery in which more than `percent` of the rows are at fault.
    select *
    from {{ model }}
    where
        ({{ column }} > {{ percent }})
        {% if var('delivery') %}
            and delivery_id = '{{ var("delivery") }}'
        {% endif %}
{% endtest %}
