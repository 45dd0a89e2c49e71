-- An indicator of the whole of London says nothing of one borough.
with

indicators as (
    select * from {{ ref('stg_mopac__dashboard_indicators') }}
),

boroughs as (
    select * from {{ ref('borough_names') }}
    where borough_code = '{{ var("partnership_borough_code") }}'
),

areas as (
    select
        indicators.delivery_id,
        indicators.quarter_end,
        indicators.indicator,
        bool_or(boroughs.name_key is not null and indicators.value is not null) as has_own_borough
    from indicators
    left join boroughs on upper(trim(indicators.area_name)) = boroughs.name_key
    group by indicators.delivery_id, indicators.quarter_end, indicators.indicator
)

select
    'mopac_dashboard_indicator' as source,
    delivery_id,
    quarter_end as period_end,
    indicator as category,
    1 as rows_tested,
    cast(not has_own_borough as integer) as rows_failing,
    100.0 * cast(not has_own_borough as integer) as share_pct
from areas
