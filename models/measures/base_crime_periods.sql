-- Which publication a period and the one before it are read from, by kind of area and borough: the latest
-- single one that covers both (decision 0005), else the one that covers most.
with

cells as (
    select * from {{ ref('base_crime_cells') }}
),

periods as (
    select * from {{ ref('dim_period') }}
),

offences as (
    select * from {{ ref('dim_offence') }}
),

-- A month counts as covered when most major classes are there; a file of burglaries covers none.
months as (
    select
        cells.area_type,
        cells.geography_vintage,
        cells.borough_code,
        cells.publication,
        cells.is_patchwork,
        cells.recorded_month,
        max(cells.preference) as preference,
        max(cells.as_at_date) as as_at_date,
        list_sort(list(distinct offences.major_code)) as majors
    from cells
    inner join offences on cells.offence_code = offences.offence_code
    group by all
    having count(distinct offences.major_code) >= 8
),

latest_month as (
    select
        area_type,
        geography_vintage,
        borough_code,
        max(recorded_month) as last_month
    from months
    group by all
),

-- Comparators get review years; the partnership and its force months and the latest twelve months too.
wanted as (
    select
        latest_month.area_type,
        latest_month.geography_vintage,
        latest_month.borough_code,
        periods.*
    from latest_month
    inner join periods
        on
            periods.period_type = 'review_year'
            or (
                latest_month.borough_code in ('{{ var("partnership_borough_code") }}', 'metropolitan')
                and (
                    (
                        periods.period_type = 'calendar_month'
                        and latest_month.area_type in ('borough', 'force', 'ward')
                        and periods.period_start >= date '{{ var("review_year_start") }}' - interval 1 year
                        and latest_month.last_month >= periods.period_start
                    )
                    or (
                        periods.period_type = 'rolling_12_months'
                        and periods.period_end = last_day(latest_month.last_month)
                    )
                )
            )
),

covered as (
    select
        wanted.area_type,
        wanted.geography_vintage,
        wanted.borough_code,
        wanted.period_key,
        months.publication,
        months.is_patchwork,
        max(months.preference) as preference,
        max(months.as_at_date) as as_at_date,
        count(*) filter (months.recorded_month >= wanted.period_start) as months_covered,
        count(*) filter (months.recorded_month <= wanted.previous_end) as previous_months_covered,
        sum(day(last_day(months.recorded_month))) filter (
            months.recorded_month >= wanted.period_start
        ) as days_covered,
        list(months.recorded_month order by months.recorded_month) as covered_months,
        list_sort(list_distinct(flatten(list(months.majors)))) as majors
    from wanted
    inner join months
        on
            wanted.area_type = months.area_type
            and wanted.geography_vintage = months.geography_vintage
            and wanted.borough_code = months.borough_code
            and (
                months.recorded_month between wanted.period_start and wanted.period_end
                or months.recorded_month between wanted.previous_start and wanted.previous_end
            )
    group by all
),

chosen as (
    select covered.*
    from covered
    inner join periods on covered.period_key = periods.period_key
    where covered.months_covered > 0
    qualify
        row_number() over (
            partition by
                covered.area_type, covered.geography_vintage, covered.borough_code, covered.period_key
            order by
                covered.months_covered = periods.months desc,
                -- Counts by police class before rows by street-level type.
                covered.preference asc,
                (
                    not covered.is_patchwork
                    and covered.months_covered = periods.months
                    and covered.previous_months_covered = periods.months
                ) desc,
                covered.months_covered desc,
                covered.previous_months_covered desc,
                covered.is_patchwork asc,
                covered.as_at_date desc,
                covered.publication asc
        ) = 1
),

as_asked as (
    select
        chosen.* exclude (preference), -- noqa: RF02
        periods.* exclude (period_key, is_review_year) -- noqa: RF02
    from chosen
    inner join periods on chosen.period_key = periods.period_key
),

-- Where a year is covered in part only, a second period holds the months that both years have.
review_months as (
    select
        chosen.*,
        unnest(chosen.covered_months) as month
    from chosen
    inner join periods on chosen.period_key = periods.period_key
    where
        periods.is_review_year
        and chosen.previous_months_covered > 0
        and least(chosen.months_covered, chosen.previous_months_covered) < periods.months
),

like_for_like as (
    select
        * exclude (month, preference, days_covered, months_covered, previous_months_covered)
        replace ('like_for_like' as period_key),
        min(month) as period_start,
        last_day(max(month)) as period_end,
        count(*) as months,
        sum(day(last_day(month))) as days_covered
    from review_months
    where list_contains(covered_months, cast(month - interval 1 year as date))
    group by all
),

like_for_like_periods as (
    select
        * exclude (period_start, period_end, months),
        months as months_covered,
        months as previous_months_covered,
        'like_for_like' as period_type,
        period_start,
        period_end,
        cast(period_start - interval 1 year as date) as previous_start,
        last_day(cast(period_end - interval 1 year as date)) as previous_end,
        cast(months as integer) as months,
        cast(date_diff('day', period_start, period_end) + 1 as integer) as days
    from like_for_like
)

select * from as_asked
union all by name
select * from like_for_like_periods
