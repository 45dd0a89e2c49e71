{#-
    Every row of the CTE `relation`, a staging model, with its fate: of each key the latest publication counts, and in it
    the last row. The CTE `deliveries` has those accepted.
-#}
{% macro screened_by_key(relation, key) %}
    select
        * exclude (latest_delivery_id, place),
        case
            when delivery_id <> latest_delivery_id then 'superseded_publication'
            when place > 1 then 'repeated_reference'
            else 'kept'
        end as fate
    from (
        select
            {{ relation }}.*,
            deliveries.published_on,
            deliveries.data_origin,
            first_value({{ relation }}.delivery_id) over latest as latest_delivery_id,
            row_number() over latest as place
        from {{ relation }}
        inner join deliveries on {{ relation }}.delivery_id = deliveries.delivery_id
        window
            latest as (
                partition by {{ key | join(', ') }}
                order by deliveries.published_on desc, {{ relation }}.delivery_id desc, {{ relation }}.row_number desc
            )
    )
{% endmacro %}
