-- Every measure that adds rows up by month: what base_cells gives, by review year (or the latest academic
-- year or quarter, where that is how it is told), by the months that both years have where a source has but a
-- part, and, for totals of the borough and its wards, by month.
-- An area or category without rows in a delivered period is nought; a period without delivery has no value.
with

cells_in as (
    select * from {{ ref('base_cells') }}
),

areas as (
    select * from {{ ref('dim_area') }}
    where is_partnership
),

-- Of years and quarters of other kinds the latest that ended by the end of the review year.
periods as (
    select * from {{ ref('dim_period') }}
    where
        is_review_year
        or (
            period_type = 'calendar_month'
            and period_start between date '{{ var("review_year_start") }}' - interval 1 year
            and date '{{ var("review_year_start") }}' + interval 11 month
        )
        or (
            period_type in ('academic_year', 'quarter')
            and period_end < date '{{ var("review_year_start") }}' + interval 1 year
            and period_end >= date '{{ var("review_year_start") }}' + interval 1 year - to_months(months)
        )
),

covered_months as (
    select * from {{ ref('bridge_covered_months') }}
),

cells as (
    select cells_in.*
    from cells_in
    semi join areas
        on
            cells_in.area_type = areas.area_type
            and cells_in.area_code = areas.area_code
            and cells_in.geography_vintage = areas.geography_vintage
),

sources as (
    select
        measure_id,
        kind,
        period_type,
        source_group,
        source,
        max(source_id) as source_id,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from cells_in
    group by measure_id, kind, period_type, source_group, source
),

source_groups as (
    select
        measure_id,
        kind,
        period_type,
        source_group,
        count(*) as sources,
        string_agg(distinct source_id, ',' order by source_id) as source_ids,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from sources
    group by measure_id, kind, period_type, source_group
),

-- A month is covered when every source of the measure covers it.
months as (
    select
        source_groups.measure_id,
        source_groups.source_group,
        covered_months.month
    from source_groups
    inner join sources
        on source_groups.measure_id = sources.measure_id and source_groups.source_group = sources.source_group
    inner join covered_months on sources.source = covered_months.source
    group by source_groups.measure_id, source_groups.source_group, source_groups.sources, covered_months.month
    having count(*) = source_groups.sources
),

-- Months of the year before are named by the month a year later that they are compared with.
covered as (
    select
        source_groups.measure_id,
        source_groups.source_group,
        periods.period_key,
        list_sort(coalesce(list(months.month) filter (months.month >= periods.period_start), []))
            as months_now,
        list_sort(
            coalesce(
                list(cast(months.month + interval 1 year as date)) filter (
                    months.month + interval 1 year <= periods.period_end
                ),
                []
            )
        ) as months_before
    from source_groups
    inner join periods
        on
            source_groups.period_type = periods.period_type
            or (source_groups.period_type = 'review_year' and periods.period_type = 'calendar_month')
    left join months
        on
            source_groups.measure_id = months.measure_id
            and source_groups.source_group = months.source_group
            and (
                months.month between periods.period_start and periods.period_end
                or months.month + interval 1 year between periods.period_start and periods.period_end
            )
    group by source_groups.measure_id, source_groups.source_group, periods.period_key
),

as_asked as (
    select
        covered.measure_id,
        covered.source_group,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        periods.months,
        periods.days,
        covered.months_now,
        covered.months_before
    from covered
    inner join periods on covered.period_key = periods.period_key
),

paired as (
    select
        * replace (
            'like_for_like' as period_type,
            list_sort(list_intersect(months_now, months_before)) as months_now,
            list_sort(list_intersect(months_now, months_before)) as months_before
        )
    from as_asked
    where
        period_type = 'review_year'
        and len(months_now) < months
        and len(list_intersect(months_now, months_before)) > 0
),

like_for_like as (
    select
        * replace (
            months_now[1] as period_start,
            last_day(months_now[-1]) as period_end,
            date_diff('month', months_now[1], months_now[-1]) + 1 as months,
            date_diff('day', months_now[1], last_day(months_now[-1])) + 1 as days
        )
    from paired
),

asked as (
    select * from as_asked
    union all by name
    select * from like_for_like
),

-- The period itself, and the one a year before.
years as (
    select cast(unnest([0, 1]) as integer) as years_before
),

calendar_months as (
    select
        measure_id,
        source_group,
        period_type,
        period_start,
        months_now,
        cast(unnest(generate_series(period_start, period_end, to_months(1))) as date) as month
    from asked
),

-- What was delivered of months cut short counts towards the year; like is compared with like.
asked_months as (
    select
        calendar_months.measure_id,
        calendar_months.source_group,
        calendar_months.period_type,
        calendar_months.period_start,
        years.years_before,
        cast(calendar_months.month - to_years(years.years_before) as date) as month
    from calendar_months
    cross join years
    where
        calendar_months.period_type <> 'like_for_like'
        or list_contains(calendar_months.months_now, calendar_months.month)
),

summed as (
    select
        asked_months.period_type,
        asked_months.period_start,
        asked_months.years_before,
        cells.measure_id,
        cells.kind,
        cells.source_group,
        cells.area_type,
        cells.area_code,
        cells.breakdown,
        cells.category,
        cells.breakdown_2,
        cells.category_2,
        sum(cells.numerator) as numerator,
        sum(cells.known) as known,
        sum(cells.unknown) as unknown,
        sum(cells.short_of_lookback) as short_of_lookback
    from cells
    inner join asked_months
        on
            cells.measure_id = asked_months.measure_id
            and cells.source_group = asked_months.source_group
            and cells.month = asked_months.month
    where
        asked_months.period_type <> 'calendar_month'
        or (
            cells.area_type in ('borough', 'ward')
            and (cells.breakdown = 'all' or cells.source_group <> '')
            and cells.breakdown_2 = 'all'
        )
    group by all
),

-- Of a distribution the whole is what all known categories add up to.
wholes as (
    select
        * exclude (kind, category, numerator, known, unknown, short_of_lookback),
        coalesce(sum(numerator) filter (category is not null), 0) as known,
        coalesce(sum(numerator) filter (category is null), 0) as unknown
    from summed
    where kind = 'distribution'
    group by all
),

lines as (
    select distinct
        measure_id,
        kind,
        source_group,
        area_type,
        breakdown,
        category,
        breakdown_2,
        category_2
    from cells
    where category is not null
),

grid as (
    select
        lines.*,
        areas.area_code,
        areas.geography_vintage,
        asked.* exclude (measure_id, source_group, months_now, months_before), -- noqa: RF02
        len(asked.months_now) as months_covered,
        len(asked.months_before) as months_covered_before,
        years.years_before
    from lines
    inner join areas on lines.area_type = areas.area_type
    inner join asked on lines.measure_id = asked.measure_id and lines.source_group = asked.source_group
    cross join years
    where
        asked.period_type <> 'calendar_month'
        or (
            lines.area_type in ('borough', 'ward')
            and (lines.breakdown = 'all' or lines.source_group <> '')
            and lines.breakdown_2 = 'all'
            and len(asked.months_now) > 0
        )
),

counted as (
    select
        grid.*,
        case
            when
                (case when grid.years_before = 0 then grid.months_covered else grid.months_covered_before end)
                > 0
                then coalesce(summed.numerator, 0)
        end as numerator,
        case
            when grid.kind = 'distribution' then coalesce(wholes.known, 0)
            else coalesce(summed.known, 0)
        end as known,
        case
            when grid.kind = 'distribution' then coalesce(wholes.unknown, 0)
            else coalesce(summed.unknown, 0)
        end as unknown,
        coalesce(summed.short_of_lookback, 0) as short_of_lookback
    from grid
    left join summed
        on
            grid.measure_id = summed.measure_id
            and grid.source_group = summed.source_group
            and grid.period_type = summed.period_type
            and grid.period_start = summed.period_start
            and grid.years_before = summed.years_before
            and grid.area_type = summed.area_type
            and grid.area_code = summed.area_code
            and grid.breakdown = summed.breakdown
            and grid.category = summed.category
            and grid.breakdown_2 = summed.breakdown_2
            and grid.category_2 = summed.category_2
    left join wholes
        on
            grid.measure_id = wholes.measure_id
            and grid.source_group = wholes.source_group
            and grid.period_type = wholes.period_type
            and grid.period_start = wholes.period_start
            and grid.years_before = wholes.years_before
            and grid.area_type = wholes.area_type
            and grid.area_code = wholes.area_code
            and grid.breakdown = wholes.breakdown
            and grid.breakdown_2 = wholes.breakdown_2
            and grid.category_2 = wholes.category_2
),

valued as (
    select
        *,
        case when kind in ('share', 'mean', 'distribution') then known end as denominator,
        case
            when known = 0 and unknown > 0 then null
            when kind in ('count', 'sum') then numerator
            when kind = 'per_day' then numerator / days
            when kind = 'mean' then numerator / nullif(known, 0)
            else 100.0 * numerator / nullif(known, 0)
        end as value
    from counted
),

this_years as (
    select * from valued
    where years_before = 0
),

-- Only a whole year is compared with, and only with a whole year.
years_before_whole as (
    select * from valued
    where years_before = 1 and months_covered_before = months and months_covered = months
),

measured as (
    select
        this_year.measure_id,
        this_year.period_type,
        this_year.period_start,
        this_year.period_end,
        this_year.area_type,
        this_year.area_code,
        this_year.geography_vintage,
        this_year.breakdown,
        this_year.category,
        this_year.breakdown_2,
        this_year.category_2,
        this_year.value,
        this_year.numerator,
        this_year.denominator,
        this_year.unknown as unknown_count,
        100.0 * this_year.months_covered / this_year.months as coverage_pct,
        year_before.value as previous_value,
        year_before.numerator as previous_numerator,
        year_before.denominator as previous_denominator,
        case
            when this_year.months_covered = 0 then 'not_supplied'
            when this_year.known = 0 and this_year.short_of_lookback > 0 then 'insufficient_lookback'
            when this_year.known = 0 and this_year.unknown > 0 then 'not_supplied'
            -- Definition share_of_known.
            when
                this_year.kind = 'distribution' and this_year.unknown > 1.5 * this_year.known
                then 'not_supplied'
            when this_year.kind in ('share', 'mean', 'distribution') and this_year.known = 0 then 'low_base'
            when this_year.months_covered < this_year.months then 'partial_period'
            else 'ok'
        end as status,
        case
            when this_year.months_covered = 0 then 'Nothing was delivered for this period.'
            when this_year.known = 0 and this_year.short_of_lookback > 0
                then 'Too little time before these records was delivered to know what came earlier.'
            when this_year.known = 0 and this_year.unknown > 0
                then
                    'The field that this needs is empty or lacking in all '
                    || cast(this_year.unknown as bigint)
                    || ' records.'
            when this_year.kind = 'distribution' and this_year.unknown > 1.5 * this_year.known
                then 'It is unknown of more than 60% of the records.'
            when this_year.kind in ('share', 'mean', 'distribution') and this_year.known = 0
                then 'There are no such records in this period.'
            when this_year.months_covered < this_year.months
                then this_year.months_covered || ' of ' || this_year.months || ' months were delivered whole.'
        end as status_reason,
        source_groups.source_ids,
        source_groups.data_origin,
        source_groups.as_at_date
    from this_years as this_year
    inner join source_groups
        on
            this_year.measure_id = source_groups.measure_id
            and this_year.source_group = source_groups.source_group
    left join years_before_whole as year_before
        on
            this_year.measure_id = year_before.measure_id
            and this_year.source_group = year_before.source_group
            and this_year.period_type = year_before.period_type
            and this_year.period_start = year_before.period_start
            and this_year.area_type = year_before.area_type
            and this_year.area_code = year_before.area_code
            and this_year.breakdown = year_before.breakdown
            and this_year.category = year_before.category
            and this_year.breakdown_2 = year_before.breakdown_2
            and this_year.category_2 = year_before.category_2
)

{{ finished_measures('measured') }}
