{#- A screened model has the rows of the staging models, delivery by delivery: none lost, none twice. -#}
{% test every_delivered_row_is_screened(model, delivered) %}

with

delivered_rows as (
    {% for relation in delivered %}
        select delivery_id from {{ relation }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

delivered_counts as (
    select
        delivery_id,
        count(*) as rows_delivered
    from delivered_rows
    group by delivery_id
),

screened_counts as (
    select
        delivery_id,
        count(*) as rows_screened
    from {{ model }}
    group by delivery_id
)

select
    coalesce(delivered_counts.delivery_id, screened_counts.delivery_id) as delivery_id,
    delivered_counts.rows_delivered,
    screened_counts.rows_screened
from delivered_counts
full outer join screened_counts on delivered_counts.delivery_id = screened_counts.delivery_id
where delivered_counts.rows_delivered is distinct from screened_counts.rows_screened

{% endtest %}
