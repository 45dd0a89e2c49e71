-- Outcomes of street-level crimes, of the types and months that delivered files are complete for.
with

crimes as (
    select * from {{ ref('fct_crimes') }}
    where
        source = 'police_uk_street'
        and is_crime
        and not is_partial_scope
        and force_name = 'Metropolitan Police Service'
        and borough_code = '{{ var("partnership_borough_code") }}'
),

crime_types as (
    select * from {{ ref('police_uk_crime_types') }}
    where is_crime and is_current
),

periods as (
    select * from {{ ref('dim_period') }}
    where period_type = 'review_year'
),

areas as (
    select * from {{ ref('dim_area') }}
    where is_partnership and area_type = 'borough'
),

-- A crime whose outcome is still open or lost counts as unknown; the share is of all crimes recorded.
by_type as (
    select
        periods.period_key,
        crimes.crime_type,
        count(distinct crimes.recorded_month) as months_covered,
        count(*) as crimes,
        count(*) filter (crimes.is_positive_outcome) as positive_outcomes,
        count(*) filter (not coalesce(crimes.is_outcome_final, false)) as open_crimes,
        max(crimes.data_origin) as data_origin,
        max(crimes.as_at_date) as as_at_date
    from periods
    inner join crimes on crimes.recorded_month between periods.period_start and periods.period_end
    group by all
),

grid as (
    select
        periods.*,
        areas.area_type,
        areas.area_code,
        areas.geography_vintage,
        crime_types.crime_type
    from periods
    cross join areas
    cross join crime_types
    where periods.is_review_year
),

measured as (
    select
        'positive_outcome_rate' as measure_id,
        grid.period_type,
        grid.period_start,
        grid.period_end,
        grid.area_type,
        grid.area_code,
        grid.geography_vintage,
        'crime_type' as breakdown,
        grid.crime_type as category,
        'all' as breakdown_2,
        'all' as category_2,
        100.0 * by_type.positive_outcomes / nullif(by_type.crimes, 0) as value,
        by_type.positive_outcomes as numerator,
        by_type.crimes as denominator,
        by_type.open_crimes as unknown_count,
        100.0 * coalesce(by_type.months_covered, 0) / grid.months as coverage_pct,
        case
            when before.months_covered = grid.months
                then 100.0 * before.positive_outcomes / nullif(before.crimes, 0)
        end as previous_value,
        case when before.months_covered = grid.months then before.positive_outcomes end as previous_numerator,
        case when before.months_covered = grid.months then before.crimes end as previous_denominator,
        case
            when by_type.crime_type is null then 'not_supplied'
            when by_type.months_covered < grid.months then 'partial_period'
            else 'ok'
        end as status,
        case
            when by_type.crime_type is null then 'No complete file of crimes of this type was delivered.'
            when by_type.months_covered < grid.months
                then by_type.months_covered || ' of ' || grid.months || ' months were delivered.'
        end as status_reason,
        case when by_type.crime_type is not null then 'P01' end as source_ids,
        by_type.data_origin,
        by_type.as_at_date
    from grid
    left join by_type on grid.period_key = by_type.period_key and grid.crime_type = by_type.crime_type
    left join periods as earlier
        on grid.period_type = earlier.period_type and grid.previous_start = earlier.period_start
    left join by_type as before
        on earlier.period_key = before.period_key and grid.crime_type = before.crime_type
)

{{ finished_measures('measured') }}
