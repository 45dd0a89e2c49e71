with

figures as (
    select * from {{ ref('int_indicators__figures') }}
)

select
    -- keys
    {{ surrogate_key([
        'source', 'indicator_name', 'indicator_ref', 'population', 'area_type', 'area_code', 'period_type',
        'period_end', 'period_name', 'breakdown', 'category', 'breakdown_2', 'category_2',
    ]) }} as indicator_key,
    delivery_id,
    source,
    source_id,

    -- what
    indicator_ref,
    indicator_name,
    population,
    breakdown,
    category,
    breakdown_2,
    category_2,
    unit,
    higher_is,

    -- when and where
    period_type,
    period_start,
    period_end,
    period_name,
    area_type,
    area_code,
    area_name,
    borough_code,

    -- measures
    value,
    numerator,
    denominator,
    base,
    ci_lower,
    ci_upper,
    interval_basis,
    target,
    status,

    -- flags
    is_modelled,
    is_rounded,
    is_partial_scope,
    data_origin,
    published_on as as_at_date
from figures
