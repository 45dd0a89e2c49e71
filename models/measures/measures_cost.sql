with

costs as (
    select * from {{ ref('base_cost_of_crime') }}
    where deflator_release = '{{ var("deflator_release") }}'
),

periods as (
    select * from {{ ref('dim_period') }}
    where is_review_year
),

areas as (
    select * from {{ ref('dim_area') }}
    where is_partnership and area_type = 'borough'
),

described as (
    select
        *,
        100.0 * months_covered / months as coverage_pct,
        case
            when not has_police_classes then 'not_supplied'
            when months_covered < months then 'partial_period'
            else 'ok'
        end as status,
        case
            when not has_police_classes
                then 'Street-level types are too coarse for unit costs: counts by police class are needed.'
            else concat_ws(
                ' ',
                case
                    when months_covered < months
                        then months_covered || ' of ' || months || ' months were delivered.'
                end,
                'Prices of ' || price_year || ', deflator ' || deflator_release || '.'
            )
        end as status_reason
    from costs
),

-- Each row counts for its class and, without one, for all classes together. Areas to compare with are given
-- all together.
classes_and_all as (
    select
        * exclude (cost_class_code),
        unnest([cost_class_code, null]) as cost_class_code
    from described
),

grouped as (
    select
        period_type,
        period_start,
        period_end,
        area_type,
        area_code,
        geography_vintage,
        coverage_pct,
        status,
        status_reason,
        source_ids,
        data_origin,
        as_at_date,
        cost_class_code,
        component_group,
        sum(crimes) filter (component = 'published_unit_total') as crimes,
        sum(previous_crimes) filter (component = 'published_unit_total') as previous_crimes,
        sum(cost_gbp) as cost_gbp,
        sum(previous_cost_gbp) as previous_cost_gbp,
        -- Null as soon as one class lacks its year before.
        bool_and(previous_cost_gbp is not null) as has_previous
    from classes_and_all
    where borough_code = '{{ var("partnership_borough_code") }}' or cost_class_code is null
    group by all
),

totals as (
    select * from grouped
    where component_group = 'total'
),

components as (
    select
        *,
        sum(cost_gbp) over kind as all_cost_gbp,
        sum(previous_cost_gbp) over kind as all_previous_cost_gbp
    from grouped
    where component_group <> 'total' and cost_class_code is null
    window kind as (partition by period_type, period_start, area_type, area_code)
),

class_totals as (
    select
        totals.*,
        borough.cost_gbp as all_cost_gbp,
        borough.previous_cost_gbp as all_previous_cost_gbp,
        borough.crimes as all_crimes,
        borough.previous_crimes as all_previous_crimes
    from totals
    inner join totals as borough
        on
            totals.period_type = borough.period_type
            and totals.period_start = borough.period_start
            and totals.area_type = borough.area_type
            and totals.area_code = borough.area_code
            and borough.cost_class_code is null
    where totals.cost_class_code is not null
),

cost_of_crime as (
    select
        'cost_of_crime' as measure_id,
        *,
        case when cost_class_code is null then 'all' else 'cost_class' end as breakdown,
        coalesce(cost_class_code, 'all') as category,
        cost_gbp as value,
        case when has_previous then previous_cost_gbp end as previous_value
    from totals
    union all by name
    select
        'cost_of_crime' as measure_id,
        *,
        'component_group' as breakdown,
        component_group as category,
        cost_gbp as value,
        case when has_previous then previous_cost_gbp end as previous_value
    from components
),

cost_component_share as (
    select
        'cost_component_share' as measure_id,
        *,
        'component_group' as breakdown,
        component_group as category,
        100.0 * cost_gbp / nullif(all_cost_gbp, 0) as value,
        cost_gbp as numerator,
        all_cost_gbp as denominator,
        case when has_previous then 100.0 * previous_cost_gbp / nullif(all_previous_cost_gbp, 0) end
            as previous_value
    from components
),

cost_share as (
    select
        'cost_share' as measure_id,
        *,
        'cost_class' as breakdown,
        cost_class_code as category,
        100.0 * cost_gbp / nullif(all_cost_gbp, 0) as value,
        cost_gbp as numerator,
        all_cost_gbp as denominator,
        case when has_previous then 100.0 * previous_cost_gbp / nullif(all_previous_cost_gbp, 0) end
            as previous_value
    from class_totals
),

costed_crime_share as (
    select
        'costed_crime_share' as measure_id,
        *,
        'cost_class' as breakdown,
        cost_class_code as category,
        100.0 * crimes / nullif(all_crimes, 0) as value,
        crimes as numerator,
        all_crimes as denominator,
        case when has_previous then 100.0 * previous_crimes / nullif(all_previous_crimes, 0) end
            as previous_value,
        case when has_previous then previous_crimes end as previous_numerator,
        case when has_previous then all_previous_crimes end as previous_denominator
    from class_totals
),

costed_crimes as (
    select
        'costed_crimes' as measure_id,
        *,
        case when cost_class_code is null then 'all' else 'cost_class' end as breakdown,
        coalesce(cost_class_code, 'all') as category,
        crimes as value,
        crimes as numerator,
        case when has_previous then previous_crimes end as previous_value,
        case when has_previous then previous_crimes end as previous_numerator
    from totals
),

computed as (
    select * from cost_of_crime
    union all by name
    select * from cost_component_share
    union all by name
    select * from cost_share
    union all by name
    select * from costed_crime_share
    union all by name
    select * from costed_crimes
),

not_supplied as (
    select
        'cost_of_crime' as measure_id,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        areas.area_type,
        areas.area_code,
        areas.geography_vintage,
        'all' as breakdown,
        'all' as category,
        0 as coverage_pct,
        'not_supplied' as status,
        'No counts of recorded crime by class were delivered.' as status_reason
    from areas
    cross join periods
    anti join computed
        on areas.area_code = computed.area_code and periods.period_start = computed.period_start
),

measured as (
    select * from computed
    union all by name
    select * from not_supplied
),

shaped as (
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
        source_ids || ',S37,S50' as source_ids,
        data_origin,
        as_at_date
    from measured
)

{{ finished_measures('shaped') }}
