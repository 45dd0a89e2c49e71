-- People in treatment are counted; users of opiates and crack are estimated by a model. Beside each other in
-- one publication they invite a sum or a share that neither can bear.
with

aggregates as (
    select * from {{ ref('stg_health__ndtms_aggregates') }}
),

measures as (
    select
        delivery_id,
        period_end,
        measure,
        count(*) as rows_tested,
        count(*) filter (is_modelled) as rows_modelled,
        bool_or(coalesce(bool_or(not is_modelled), false)) over () as has_counts
    from aggregates
    group by delivery_id, period_end, measure
)

select
    'ndtms_aggregate' as source,
    delivery_id,
    period_end,
    measure as category,
    rows_tested,
    case when has_counts then rows_modelled else 0 end as rows_failing,
    round(100.0 * case when has_counts then rows_modelled else 0 end / rows_tested, 1) as share_pct
from measures
