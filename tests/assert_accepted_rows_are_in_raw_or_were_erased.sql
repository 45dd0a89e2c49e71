-- Of withdrawn and retired deliveries nothing is in raw, and they are not among the deliveries; `swp audit`
-- counts those too.
{%- set sources = [] -%}
{%- if execute -%}
    {%- for node in graph.sources.values() if node.schema == 'raw' -%}
        {%- do sources.append(node) -%}
    {%- endfor -%}
{%- endif %}
with

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
),

erasures as (
    select * from {{ ref('stg_ledger__erasures') }}
),

in_raw as (
    {%- for node in sources | sort(attribute='name') %}
        select
            delivery_id,
            count(*) as rows
        from {{ adapter.quote(node.database) }}.{{ adapter.quote(node.schema) }}.{{ adapter.quote(node.name) }}
        group by delivery_id
        {{ 'union all' if not loop.last }}
    {%- else %}
        select
            null as delivery_id,
            0 as rows
    {%- endfor %}
),

accounted_for as (
    select
        delivery_id,
        rows
    from in_raw
    union all
    select
        delivery_id,
        rows_erased as rows
    from erasures
),

sums as (
    select
        delivery_id,
        sum(rows) as rows
    from accounted_for
    group by delivery_id
)

select
    deliveries.delivery_id,
    deliveries.rows_accepted,
    coalesce(sums.rows, 0) as rows_accounted_for
from deliveries
left join sums on deliveries.delivery_id = sums.delivery_id
where deliveries.rows_accepted <> coalesce(sums.rows, 0)
