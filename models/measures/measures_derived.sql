-- What is worked out of other measures: the size of a scheme beside the reoffenders, the areas with most
-- harm, and which services were delivered for the borough.
with

indicators as (
    select * from {{ ref('measures_indicators') }}
),

registers as (
    select * from {{ ref('measures_registers') }}
),

counted as (
    select * from {{ ref('measures_counted') }}
),

periods as (
    select * from {{ ref('dim_period') }}
    where is_review_year
),

managed as (
    select * from registers
    where
        measure_id = 'scheme_clients'
        and period_type = 'review_year'
        and area_type = 'borough'
        and category = 'iom'
),

reoffenders as (
    select
        area_code,
        arg_max(numerator, period_end) as reoffenders,
        max(period_end) as cohort_end,
        max(source_ids) as source_ids,
        max(data_origin) as data_origin
    from indicators
    where
        measure_id = 'reoffending_rate'
        and area_type = 'borough'
        and breakdown = 'all'
        and status = 'ok'
        and numerator > 0
    group by area_code
),

-- The year before is not compared: the cohort comes out two years late.
iom_share_of_reoffenders as (
    select
        'iom_share_of_reoffenders' as measure_id,
        managed.period_type,
        managed.period_start,
        managed.period_end,
        managed.area_type,
        managed.area_code,
        managed.geography_vintage,
        'all' as breakdown,
        'all' as category,
        managed.coverage_pct,
        array_to_string(
            list_sort(list_filter([managed.source_ids, reoffenders.source_ids], id -> id is not null)), ','
        ) as source_ids,
        greatest(managed.data_origin, reoffenders.data_origin) as data_origin,
        managed.as_at_date,
        managed.numerator,
        reoffenders.reoffenders as denominator,
        case when reoffenders.reoffenders is null then 'not_supplied' else managed.status end as status,
        case
            when reoffenders.reoffenders is null
                then 'No cohort with its reoffenders was published for this area.'
            else
                concat_ws(
                    ' ',
                    managed.status_reason,
                    'Reoffenders of the cohort that ends in '
                    || strftime(reoffenders.cohort_end, '%B %Y')
                    || '. The managed are not counted among them.'
                )
        end as status_reason
    from managed
    left join reoffenders on managed.area_code = reoffenders.area_code
),

harmed as (
    select
        counted.*,
        row_number() over by_harm as place
    from counted
    where
        counted.measure_id = 'crime_harm'
        and counted.period_type in ('review_year', 'like_for_like')
        and counted.area_type = 'stable_area'
        and counted.breakdown = 'all'
        and counted.value is not null
    -- Ties go to the smaller code, so that the order is always the same.
    window by_harm as (
        partition by counted.period_type, counted.period_start
        order by counted.value desc, counted.area_code asc
    )
),

sizes as (
    select unnest([1, 2, 3, 5, 10]) as top_areas
),

top_areas_share_of_harm as (
    select
        'top_areas_share_of_harm' as measure_id,
        harmed.period_type,
        harmed.period_start,
        harmed.period_end,
        'borough' as area_type,
        '{{ var("partnership_borough_code") }}' as area_code,
        'stable' as geography_vintage,
        'top_stable_areas' as breakdown,
        cast(sizes.top_areas as varchar) as category,
        sum(harmed.value) filter (harmed.place <= sizes.top_areas) as numerator,
        sum(harmed.value) as denominator,
        sum(harmed.previous_value) filter (harmed.place <= sizes.top_areas) as previous_numerator,
        sum(harmed.previous_value) as previous_denominator,
        max(harmed.coverage_pct) as coverage_pct,
        max(harmed.status) as status,
        'Areas: '
        || string_agg(
            harmed.area_name || ' (' || harmed.area_code || ')', ', ' order by harmed.place
        ) filter (harmed.place <= sizes.top_areas)
        || '.' as status_reason,
        max(harmed.source_ids) as source_ids,
        max(harmed.data_origin) as data_origin,
        max(harmed.as_at_date) as as_at_date
    from harmed
    cross join sizes
    group by harmed.period_type, harmed.period_start, harmed.period_end, sizes.top_areas
    having count(*) >= sizes.top_areas
),

service_figures as (
    select
        indicators.*,
        case
            when indicators.measure_id = 'borough_victim_services' then indicators.category
            else split_part(indicators.category_2, ':', 1)
        end as service,
        periods.period_start as year_start,
        periods.period_end as year_end
    from indicators
    inner join periods on indicators.period_end between periods.period_start and periods.period_end
    where
        indicators.measure_id in ('victim_service_users', 'victim_service_results', 'borough_victim_services')
        and indicators.value is not null
),

victim_services_with_borough_figures as (
    select
        'victim_services_with_borough_figures' as measure_id,
        'review_year' as period_type,
        year_start as period_start,
        year_end as period_end,
        'borough' as area_type,
        '{{ var("partnership_borough_code") }}' as area_code,
        '2009' as geography_vintage,
        case when service is null then 'all' else 'service' end as breakdown,
        coalesce(service, 'all') as category,
        count(distinct service_of) filter (is_of_borough) as numerator,
        count(distinct service_of) as denominator,
        100 as coverage_pct,
        'ok' as status,
        case
            when count(*) filter (is_of_borough) = 0
                then 'Delivered for London only. What was asked for, and when, is in quality.gap_register.'
        end as status_reason,
        string_agg(distinct source_ids, ',' order by source_ids) as source_ids,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from (
        select
            * replace (unnest([service, null]) as service),
            service as service_of,
            area_type = 'borough' and area_code = '{{ var("partnership_borough_code") }}' as is_of_borough
        from service_figures
    ) as lines
    group by service, year_start, year_end
),

gathered as (
    select
        *,
        100 * numerator / nullif(denominator, 0) as value,
        100 * previous_numerator / nullif(previous_denominator, 0) as previous_value
    from top_areas_share_of_harm
    union all by name
    select
        *,
        100 * numerator / nullif(denominator, 0) as value
    from iom_share_of_reoffenders
    union all by name
    select
        *,
        numerator as value
    from victim_services_with_borough_figures
),

measured as (
    select
        measure_id,
        period_type,
        period_start,
        period_end,
        area_type,
        area_code,
        geography_vintage,
        breakdown,
        category,
        'all' as breakdown_2,
        'all' as category_2,
        value,
        numerator,
        denominator,
        cast(null as bigint) as unknown_count,
        coverage_pct,
        previous_value,
        previous_numerator,
        previous_denominator,
        status,
        status_reason,
        source_ids,
        data_origin,
        as_at_date
    from gathered
)

{{ finished_measures('measured') }}
