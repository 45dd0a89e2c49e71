-- One row per kept figure of every subject, in one form: area with its code, closed lists of periods, "all"
-- where a figure is of everybody, and an interval, computed where the publisher gives a percentage with its
-- base and none.
with

justice as (
    select * from {{ ref('int_indicators__justice') }}
),

surveys as (
    select * from {{ ref('int_indicators__surveys') }}
),

health as (
    select * from {{ ref('int_indicators__health') }}
),

deprivation as (
    select * from {{ ref('int_indicators__deprivation') }}
),

crime as (
    select * from {{ ref('int_indicators__crime') }}
),

areas as (
    select * from {{ ref('int_indicators__areas') }}
),

indicators as (
    select * from {{ ref('published_indicators') }}
),

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

figures as (
    select * from justice
    union all by name
    select * from surveys
    union all by name
    select * from health
    union all by name
    select * from deprivation
    union all by name
    select * from crime
),

-- A count that the base gives the share of, for the interval: a weighted survey has a percentage and a base
-- only.
based as (
    select
        *,
        coalesce(
            try_cast(numerator as double), case when unit = 'percent' then value * base / 100.0 end
        ) as positives
    from figures
)

select
    based.source,
    contracts.source_id,
    based.delivery_id,
    based.row_number,
    based.indicator_ref,
    based.indicator_name,
    indicators.higher_is,
    coalesce(based.population, 'All') as population,
    based.area_type,
    coalesce(
        based.area_code_given,
        areas.area_code,
        'X-' || vault.rules.name_key(based.area_name)
    ) as area_code,
    coalesce(areas.area_name, based.area_name) as area_name,
    areas.borough_code,
    based.period_type,
    try_cast(based.period_start as date) as period_start,
    try_cast(based.period_end as date) as period_end,
    based.period_name,
    coalesce(based.breakdown, 'all') as breakdown,
    case
        when coalesce(based.breakdown, 'all') = 'all' then 'all' else coalesce(based.category, 'Not recorded')
    end
        as category,
    coalesce(based.breakdown_2, 'all') as breakdown_2,
    coalesce(based.category_2, 'all') as category_2,
    based.unit,
    try_cast(based.value as double) as value,
    try_cast(based.numerator as double) as numerator,
    try_cast(based.denominator as double) as denominator,
    try_cast(based.base as double) as base,
    case
        when based.ci_lower is not null then based.ci_lower
        when based.unit = 'percent' and based.base > 0
            then 100 * {{ wilson_bound('based.positives', 'based.base', '-') }}
    end as ci_lower,
    case
        when based.ci_lower is not null then based.ci_upper
        when based.unit = 'percent' and based.base > 0
            then 100 * {{ wilson_bound('based.positives', 'based.base', '+') }}
    end as ci_upper,
    case
        when based.value is null then 'none'
        when based.ci_lower is not null then 'published'
        when based.unit = 'percent' and based.base > 0 then 'wilson'
        else 'none'
    end as interval_basis,
    based.target,
    case when based.value is null then based.status_of_blank else 'ok' end as status,
    coalesce(based.is_modelled, false) as is_modelled,
    coalesce(based.is_rounded, false) as is_rounded,
    based.is_partial_scope,
    based.published_on,
    based.data_origin
from based
left join
    areas
    on based.area_type = areas.area_type and vault.rules.name_key(based.area_name) = areas.name_key
left join indicators on based.indicator_name = indicators.indicator_name
left join contracts on based.source = contracts.source
