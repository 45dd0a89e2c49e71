-- Residents aged 16 and over who would have suffered something if the national survey's rate held here: the
-- rate times the latest population. Nobody was counted.
with

indicators as (
    select * from {{ ref('fct_published_indicators') }}
    where source = 'csew_estimate' and population = 'Adults aged 16 and over' and value is not null
),

populations as (
    select * from {{ ref('fct_populations') }}
    where borough_code = '{{ var("partnership_borough_code") }}' and area_type = 'lsoa'
),

population_source as (
    select source_id
    from {{ ref('dim_source') }}
    where system = 'ons_population'
),

latest_populations as (
    select * from populations
    where population_base = 'resident'
    -- Once: a year may be delivered for the areas of both vintages, which are the same residents.
    qualify dense_rank() over (order by population_year desc, geography_vintage desc) = 1
),

residents as (
    select
        case sex when 'females' then 'Female' when 'males' then 'Male' else 'all' end as category,
        sum(case when age_band = 'All-Ages' then persons when age_band = '0-15' then -persons end)
            as residents_16_and_over,
        max(data_origin) as data_origin
    from latest_populations
    group by all
    having count(*) filter (age_band = 'All-Ages') > 0 and count(*) filter (age_band = '0-15') > 0
),

measured as (
    select
        'estimated_victims' as measure_id,
        'published_period' as period_type,
        indicators.period_start,
        indicators.period_end,
        'borough' as area_type,
        '{{ var("partnership_borough_code") }}' as area_code,
        '2009' as geography_vintage,
        indicators.breakdown,
        indicators.category,
        'experience' as breakdown_2,
        indicators.indicator_name as category_2,
        indicators.value * residents.residents_16_and_over / 100 as value,
        null as numerator,
        residents.residents_16_and_over as denominator,
        null as unknown_count,
        100 as coverage_pct,
        null as previous_value,
        null as previous_numerator,
        null as previous_denominator,
        'ok' as status,
        'A national rate applied to residents: an estimate, and not a count.' as status_reason,
        list_aggregate(
            list_sort(list_filter([indicators.source_id, population_source.source_id], id -> id is not null)),
            'string_agg', ','
        ) as source_ids,
        greatest(indicators.data_origin, residents.data_origin) as data_origin,
        indicators.as_at_date
    from indicators
    inner join residents on indicators.category = residents.category
    cross join population_source
    where indicators.breakdown in ('all', 'sex')
)

{{ finished_measures('measured') }}
