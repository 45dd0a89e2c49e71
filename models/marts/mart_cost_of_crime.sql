with

costs as (
    select * from {{ ref('base_cost_of_crime') }}
    where has_police_classes and borough_code = '{{ var("partnership_borough_code") }}'
)

select
    {{ surrogate_key([
        'period_type', 'period_start', 'area_type', 'area_code', 'cost_class_code', 'component',
        'deflator_release',
    ]) }} as cost_key,
    period_type,
    period_start,
    period_end,
    area_type,
    area_code,
    cost_class_code,
    cost_class_name,
    published_order,
    component,
    component_group,
    cast(crimes as bigint) as crimes,
    cast(unit_cost_gbp as double) as unit_cost_gbp,
    unit_cost_price_year,
    deflator_release,
    price_year,
    cast(deflator_ratio as double) as deflator_ratio,
    cast(cost_gbp as double) as cost_gbp,
    cast(previous_cost_gbp as double) as previous_cost_gbp,
    100.0 * months_covered / months as coverage_pct,
    case when months_covered < months then 'partial_period' else 'ok' end as status,
    source_ids || ',S37,S50' as source_ids,
    data_origin,
    as_at_date
from costs
