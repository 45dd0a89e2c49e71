{#- A fact has as many rows of each delivery as the screened model kept: of all sources or of those named. -#}
{% test every_kept_row_is_in_the_fact(model, screened, sources=none) %}

with

kept as (
    select
        delivery_id,
        count(*) as rows_kept
    from {{ screened }}
    where fate = 'kept' {%- if sources %} and list_contains({{ sql_text_list(sources) }}, source) {%- endif %}
    group by delivery_id
),

facts as (
    select
        delivery_id,
        count(*) as fact_rows
    from {{ model }}
    group by delivery_id
)

select
    coalesce(kept.delivery_id, facts.delivery_id) as delivery_id,
    kept.rows_kept,
    facts.fact_rows
from kept
full outer join facts on kept.delivery_id = facts.delivery_id
where kept.rows_kept is distinct from facts.fact_rows

{% endtest %}
