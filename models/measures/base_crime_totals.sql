-- Recorded crimes by period, area and grouping, with the year before where the publication has all of both.
with

cells as (
    select * from {{ ref('base_crime_cells') }}
),

periods as (
    select * from {{ ref('base_crime_periods') }}
),

groupings as (
    select * from {{ ref('bridge_offence_groupings') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

by_class as (
    select
        periods.period_key,
        periods.area_type,
        periods.geography_vintage,
        periods.borough_code,
        cells.area_code,
        cells.offence_code,
        coalesce(
            sum(cells.crimes) filter (
                cells.recorded_month between periods.period_start and periods.period_end
            ),
            0
        ) as crimes,
        coalesce(
            sum(cells.crimes) filter (
                cells.recorded_month between periods.previous_start and periods.previous_end
            ),
            0
        ) as previous_crimes,
        min(cells.source_id) as source_id,
        bool_and(cells.preference = 1) as has_police_classes,
        count(distinct cells.source || cells.as_at_date) as publications,
        max(cells.data_origin) as data_origin
    from periods
    inner join cells
        on
            periods.area_type = cells.area_type
            and periods.geography_vintage = cells.geography_vintage
            and periods.borough_code = cells.borough_code
            and periods.publication = cells.publication
            and (
                cells.recorded_month between periods.period_start and periods.period_end
                or cells.recorded_month between periods.previous_start and periods.previous_end
            )
    group by all
),

by_grouping as (
    select
        by_class.period_key,
        by_class.area_type,
        by_class.geography_vintage,
        by_class.borough_code,
        by_class.area_code,
        groupings.grouping_type,
        groupings.grouping_code,
        sum(by_class.crimes) as crimes,
        sum(by_class.previous_crimes) as previous_crimes
    from by_class
    inner join groupings on by_class.offence_code = groupings.offence_code
    group by all
),

origins as (
    select
        period_key,
        area_type,
        geography_vintage,
        borough_code,
        string_agg(distinct source_id, ',' order by source_id) as source_ids,
        bool_and(has_police_classes) as has_police_classes,
        max(publications) as publications,
        max(data_origin) as data_origin
    from by_class
    group by all
),

grouping_list as (
    select distinct
        grouping_type,
        grouping_code
    from groupings
),

-- An area or class without a row in a covered file had no crime: there the answer is nought, not unknown.
grid as (
    select
        periods.*,
        areas.area_code,
        grouping_list.grouping_type,
        grouping_list.grouping_code
    from periods
    inner join areas
        on
            periods.area_type = areas.area_type
            and periods.geography_vintage = areas.geography_vintage
            and (
                periods.borough_code = areas.borough_code
                or (periods.borough_code = areas.area_code and areas.area_type = 'force')
            )
    inner join grouping_list
        on
            grouping_list.grouping_type <> 'offence_class'
            or (
                periods.area_type in ('borough', 'force', 'ward')
                and periods.period_type in ('review_year', 'like_for_like')
                and periods.borough_code in ('{{ var("partnership_borough_code") }}', 'metropolitan')
            )
            -- What the crimes of other boroughs cost is worked out of their classes.
            or (periods.area_type = 'borough' and periods.period_type = 'review_year')
)

select
    grid.* exclude (covered_months), -- noqa: RF02
    origins.source_ids,
    origins.has_police_classes,
    origins.publications,
    origins.data_origin,
    coalesce(by_grouping.crimes, 0) as crimes,
    case
        when grid.months_covered = grid.months and grid.previous_months_covered = grid.months
            then coalesce(by_grouping.previous_crimes, 0)
    end as previous_crimes
from grid
inner join origins
    on
        grid.period_key = origins.period_key
        and grid.area_type = origins.area_type
        and grid.geography_vintage = origins.geography_vintage
        and grid.borough_code = origins.borough_code
left join by_grouping
    on
        grid.period_key = by_grouping.period_key
        and grid.area_type = by_grouping.area_type
        and grid.geography_vintage = by_grouping.geography_vintage
        and grid.area_code = by_grouping.area_code
        and grid.grouping_type = by_grouping.grouping_type
        and grid.grouping_code = by_grouping.grouping_code
