-- Every measure of every subject, in one place; a mart selects its own.
with

supplied as (
    select * from {{ ref('measures_crime') }}
    union all by name
    select * from {{ ref('measures_concentration') }}
    union all by name
    select * from {{ ref('measures_cost') }}
    union all by name
    select * from {{ ref('measures_counted') }}
    union all by name
    select * from {{ ref('measures_derived') }}
    union all by name
    select * from {{ ref('measures_estimates') }}
    union all by name
    select * from {{ ref('measures_indicators') }}
    union all by name
    select * from {{ ref('measures_outcomes') }}
    union all by name
    select * from {{ ref('measures_registers') }}
    union all by name
    select * from {{ ref('measures_repeats') }}
    union all by name
    select * from {{ ref('measures_surveys') }}
),

measures as (
    select * from {{ ref('dim_measure') }}
),

areas as (
    select * from {{ ref('dim_area') }}
    where is_partnership and area_type = 'borough'
),

periods as (
    select * from {{ ref('dim_period') }}
    where is_review_year
),

-- A measure without any row is said to be missing: a mart leaves nothing out that it is to answer.
not_supplied as (
    select
        measures.measure_id,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        areas.area_type,
        areas.area_code,
        areas.geography_vintage,
        'all' as breakdown,
        'all' as category,
        'all' as breakdown_2,
        'all' as category_2,
        null as value,
        null as numerator,
        null as denominator,
        null as unknown_count,
        0 as coverage_pct,
        null as previous_value,
        null as previous_numerator,
        null as previous_denominator,
        'not_supplied' as status,
        'Nothing was delivered from which this can be worked out.' as status_reason,
        cast(null as varchar) as source_ids,
        cast(null as varchar) as data_origin,
        cast(null as date) as as_at_date
    from measures
    cross join areas
    cross join periods
    anti join supplied on measures.measure_id = supplied.measure_id
),

missing as (
    {{ finished_measures('not_supplied') }}
)

select * from supplied
union all by name
select * from missing
