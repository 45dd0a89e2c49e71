with

totals as (
    select * from {{ ref('base_crime_totals') }}
    where
        area_type in ('ward', 'lsoa', 'stable_area')
        and period_type in ('review_year', 'like_for_like', 'rolling_12_months')
        and grouping_type <> 'offence_class'
),

areas as (
    select * from {{ ref('dim_area') }}
),

described as (
    select
        totals.*,
        areas.area_name,
        'top_' || totals.area_type || 's' as breakdown,
        100.0 * totals.months_covered / totals.months as coverage_pct,
        case when totals.months_covered < totals.months then 'partial_period' else 'ok' end as status,
        case
            when totals.months_covered < totals.months
                then totals.months_covered || ' of ' || totals.months || ' months were delivered. '
            else ''
        end as remark
    from totals
    inner join areas
        on
            totals.area_type = areas.area_type
            and totals.area_code = areas.area_code
            and totals.geography_vintage = areas.geography_vintage
),

-- Ties go to the smaller code, so that the order is always the same.
ranked as (
    select
        *,
        row_number() over kind as place,
        sum(crimes) over (kind rows unbounded preceding) as running_crimes,
        sum(previous_crimes) over (kind rows unbounded preceding) as running_previous_crimes,
        sum(crimes) over all_areas as all_crimes,
        sum(previous_crimes) over all_areas as all_previous_crimes,
        count(*) over all_areas as areas
    from described
    where grouping_type = 'all'
    window
        kind as (partition by period_key, area_type, geography_vintage order by crimes desc, area_code asc),
        all_areas as (partition by period_key, area_type, geography_vintage)
),

sizes as (
    select unnest([1, 2, 3, 5, 10]) as top_areas
),

top_sets as (
    select
        ranked.period_key,
        ranked.area_type,
        ranked.geography_vintage,
        sizes.top_areas,
        list(ranked.area_code) as area_codes,
        string_agg(ranked.area_name || ' (' || ranked.area_code || ')', ', ' order by ranked.place) as names
    from ranked
    inner join sizes on ranked.place <= sizes.top_areas
    group by all
    having count(*) = sizes.top_areas
),

top_areas_share_of_crime as (
    select
        'top_areas_share_of_crime' as measure_id,
        described.period_key,
        described.period_type,
        described.period_start,
        described.period_end,
        described.borough_code,
        described.geography_vintage,
        described.breakdown,
        cast(top_sets.top_areas as varchar) as category,
        case described.grouping_type when 'all' then 'all' else 'offence_group' end as breakdown_2,
        described.grouping_code as category_2,
        described.coverage_pct,
        described.status,
        described.remark || 'Areas: ' || top_sets.names || '.' as status_reason,
        described.source_ids,
        described.data_origin,
        described.as_at_date,
        sum(described.crimes) filter (list_contains(top_sets.area_codes, described.area_code)) as numerator,
        sum(described.crimes) as denominator,
        sum(described.previous_crimes) filter (
            list_contains(top_sets.area_codes, described.area_code)
        ) as previous_numerator,
        sum(described.previous_crimes) as previous_denominator
    from described
    inner join top_sets
        on
            described.period_key = top_sets.period_key
            and described.area_type = top_sets.area_type
            and described.geography_vintage = top_sets.geography_vintage
    group by all
),

concentration_curve as (
    select
        'concentration_curve' as measure_id,
        * exclude (area_type, area_code)
        replace (replace(breakdown, 'top_', 'rank_of_') as breakdown),
        lpad(cast(place as varchar), 3, '0') as category,
        running_crimes as numerator,
        all_crimes as denominator,
        running_previous_crimes as previous_numerator,
        all_previous_crimes as previous_denominator,
        remark || area_name || ' (' || area_code || ')' as status_reason
    from ranked
),

concentration_rank as (
    select
        'concentration_rank' as measure_id,
        * replace ('all' as breakdown),
        place as value,
        remark as status_reason
    from ranked
),

areas_holding_half_of_crime as (
    select
        'areas_holding_half_of_crime' as measure_id,
        * exclude (area_type, area_code)
        replace ('kind_of_area' as breakdown),
        replace(breakdown, 'top_', '') as category,
        place as value,
        place as numerator,
        areas as denominator,
        remark as status_reason
    from ranked
    where running_crimes >= all_crimes / 2.0 and running_crimes - crimes < all_crimes / 2.0
),

areas_under_one_crime_a_day as (
    select
        'areas_under_one_crime_a_day' as measure_id,
        period_type,
        period_start,
        period_end,
        borough_code,
        geography_vintage,
        'kind_of_area' as breakdown,
        replace(breakdown, 'top_', '') as category,
        coverage_pct,
        status,
        remark as status_reason,
        source_ids,
        data_origin,
        as_at_date,
        count(*) filter (crimes < days_covered) as value,
        count(*) filter (crimes < days_covered) as numerator,
        count(*) as denominator
    from ranked
    group by all
),

computed as (
    select * from top_areas_share_of_crime
    union all by name
    select * from concentration_curve
    union all by name
    select * from concentration_rank
    union all by name
    select * from areas_holding_half_of_crime
    union all by name
    select * from areas_under_one_crime_a_day
),

-- What is said of the borough as a whole keeps the vintage of the areas that it was ranked by.
shaped as (
    select
        measure_id,
        period_type,
        period_start,
        period_end,
        coalesce(area_type, 'borough') as area_type,
        coalesce(area_code, borough_code) as area_code,
        geography_vintage,
        breakdown,
        coalesce(category, 'all') as category,
        coalesce(breakdown_2, 'all') as breakdown_2,
        coalesce(category_2, 'all') as category_2,
        coalesce(value, 100.0 * numerator / nullif(denominator, 0)) as value,
        numerator,
        denominator,
        cast(null as bigint) as unknown_count,
        coverage_pct,
        100.0 * previous_numerator / nullif(previous_denominator, 0) as previous_value,
        previous_numerator,
        previous_denominator,
        status,
        nullif(trim(status_reason), '') as status_reason,
        source_ids,
        data_origin,
        as_at_date
    from computed
)

{{ finished_measures('shaped') }}
