-- Figures that others publish, as delivered: for their own periods, and with the areas to compare with.
with

indicators as (
    select * from {{ ref('fct_published_indicators') }}
),

indicator_measures as (
    select * from {{ ref('indicator_measures') }}
),

named as (
    select
        indicator_measures.measure_id,
        indicators.period_start,
        indicators.period_end,
        indicators.area_type,
        indicators.area_code,
        indicators.area_name,
        case when indicators.area_type = 'ward' then '2022' else '2009' end as geography_vintage,
        indicators.breakdown,
        indicators.category,
        coalesce(indicator_measures.breakdown_2, 'all') as breakdown_2,
        coalesce(indicator_measures.category_2, 'all') as category_2,
        indicators.value,
        indicators.numerator,
        coalesce(indicators.denominator, indicators.base) as denominator,
        indicators.ci_lower,
        indicators.ci_upper,
        indicators.target,
        indicators.status,
        indicators.is_modelled,
        indicators.is_rounded,
        indicators.source_id as source_ids,
        indicators.data_origin,
        indicators.as_at_date
    from indicators
    inner join indicator_measures
        on
            indicators.source = indicator_measures.source
            and indicators.indicator_name = indicator_measures.indicator_name
            and coalesce(indicator_measures.population, indicators.population) = indicators.population
            and coalesce(indicator_measures.category, indicators.category) = indicators.category
),

-- Asked for and never supplied so far: what the commissioned services do for victims of a borough.
borough_services as (
    select
        * exclude (breakdown, category, breakdown_2, category_2, source_id),
        'borough_victim_services' as measure_id,
        '2009' as geography_vintage,
        'service' as breakdown,
        split_part(indicator_name, ': ', 1) as category,
        'stage' as breakdown_2,
        split_part(indicator_name, ': ', 2) as category_2,
        source_id as source_ids
    from indicators
    where source = 'mopac_victim_services' and area_type = 'borough'
),

targets as (
    select
        named.* replace (
            'service_target' as measure_id,
            named.target as value,
            null as numerator,
            null as denominator,
            null as ci_lower,
            null as ci_upper
        )
    from named
    where
        named.target is not null
        and named.measure_id in ('victim_service_results', 'youth_service_results')
),

cohorts as (
    select
        *,
        max(period_start) over () as latest_start
    from named
    where measure_id = 'reoffending_rate' and numerator is not null and denominator is not null
),

-- Added up before dividing: the mean of three rates would give a small cohort the weight of a large one.
pooled_counts as (
    select
        min(period_start) as period_start,
        max(period_end) as period_end,
        area_type,
        area_code,
        area_name,
        geography_vintage,
        breakdown,
        category,
        breakdown_2,
        category_2,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        count(*) as cohorts,
        string_agg(distinct source_ids, ',') as source_ids,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from cohorts
    where period_start > latest_start - interval 3 year
    group by area_type, area_code, area_name, geography_vintage, breakdown, category, breakdown_2, category_2
),

pooled as (
    select
        *,
        'reoffending_rate_three_years' as measure_id,
        100 * numerator / nullif(denominator, 0) as value,
        100 * {{ wilson_bound('numerator', 'denominator', '-') }} as ci_lower,
        100 * {{ wilson_bound('numerator', 'denominator', '+') }} as ci_upper,
        case when cohorts < 3 then cohorts || ' of the 3 latest cohorts were delivered.' end as lacking
    from pooled_counts
),

-- Rank among the boroughs by the reoffending rate, 1 the highest. Its bounds are the ranks that the intervals
-- of the rates leave open.
compared as (
    select
        this_borough.measure_id,
        this_borough.period_start,
        this_borough.area_code,
        this_borough.breakdown,
        this_borough.category,
        1 + count(*) filter (other_borough.value > this_borough.value) as rank,
        1 + count(*) filter (other_borough.ci_lower > this_borough.ci_upper) as best_rank,
        1 + count(*) filter (other_borough.ci_upper >= this_borough.ci_lower) as worst_rank
    from named as this_borough
    inner join named as other_borough
        on
            this_borough.measure_id = other_borough.measure_id
            and this_borough.period_start = other_borough.period_start
            and this_borough.breakdown = other_borough.breakdown
            and this_borough.category = other_borough.category
            and this_borough.area_type = other_borough.area_type
            and this_borough.area_code <> other_borough.area_code
    where
        this_borough.measure_id = 'reoffending_rate'
        and this_borough.area_type = 'borough'
        and this_borough.value is not null
        and other_borough.value is not null
    group by all
),

ranked as (
    select
        named.* replace (
            'reoffending_rank' as measure_id,
            compared.rank as value,
            compared.best_rank as ci_lower,
            compared.worst_rank as ci_upper,
            null as numerator,
            null as denominator
        )
    from named
    inner join compared
        on
            named.measure_id = compared.measure_id
            and named.period_start = compared.period_start
            and named.area_code = compared.area_code
            and named.breakdown = compared.breakdown
            and named.category = compared.category
),

figures as (
    select * from named
    union all by name
    select * from ranked
    union all by name
    select * from borough_services
    union all by name
    select * from targets
    union all by name
    select * from pooled
),

measured as (
    select
        this_year.measure_id,
        'published_period' as period_type,
        this_year.period_start,
        this_year.period_end,
        this_year.area_type,
        this_year.area_code,
        this_year.area_name,
        this_year.geography_vintage,
        this_year.breakdown,
        this_year.category,
        this_year.breakdown_2,
        this_year.category_2,
        this_year.value,
        this_year.numerator,
        this_year.denominator,
        this_year.ci_lower,
        this_year.ci_upper,
        null as unknown_count,
        100 as coverage_pct,
        year_before.value as previous_value,
        year_before.ci_lower as previous_ci_lower,
        year_before.ci_upper as previous_ci_upper,
        case
            when this_year.value is not null and this_year.lacking is not null then 'partial_period'
            when this_year.value is not null then 'ok'
            when this_year.status in ('suppressed', 'not_applicable') then this_year.status
            else 'not_supplied'
        end as status,
        case
            when this_year.status = 'suppressed' then 'The publisher withheld it.'
            when this_year.value is null then 'It was not published for this area.'
            when this_year.is_modelled then 'A modelled estimate.'
            when this_year.is_rounded then 'Rounded by the publisher.'
            else this_year.lacking
        end as status_reason,
        this_year.source_ids,
        this_year.data_origin,
        this_year.as_at_date
    from figures as this_year
    left join figures as year_before
        on
            this_year.measure_id = year_before.measure_id
            and this_year.period_start = year_before.period_start + interval 1 year
            and this_year.area_type = year_before.area_type
            and this_year.area_code = year_before.area_code
            and this_year.breakdown = year_before.breakdown
            and this_year.category = year_before.category
            and this_year.breakdown_2 = year_before.breakdown_2
            and this_year.category_2 = year_before.category_2
            and date_diff('day', this_year.period_start, this_year.period_end)
            - date_diff('day', year_before.period_start, year_before.period_end) between -1 and 1
)

{{ finished_measures('measured', as_published=true) }}
