with

totals as (
    select * from {{ ref('base_crime_totals') }}
    where
        grouping_type <> 'offence_class'
        or borough_code in ('{{ var("partnership_borough_code") }}', 'metropolitan')
),

periods as (
    select * from {{ ref('dim_period') }}
    where is_review_year
),

areas as (
    select * from {{ ref('dim_area') }}
    where is_partnership
),

described as (
    select
        *,
        case grouping_type
            when 'all' then 'all'
            when 'definition' then 'offence_definition'
            else grouping_type
        end as breakdown,
        100.0 * months_covered / months as coverage_pct,
        case when months_covered < months then 'partial_period' else 'ok' end as status,
        concat_ws(
            ' ',
            case
                when months_covered < months
                    then months_covered || ' of ' || months || ' months were delivered.'
            end,
            case
                when previous_months_covered > 0 and previous_months_covered < months
                    then
                        'The year before has ' || previous_months_covered
                        || ' of them: see the period like_for_like.'
            end,
            case
                when
                    area_type in ('lsoa', 'stable_area')
                    and not list_contains(majors, 'sexual_offences')
                    and has_police_classes
                    then 'Sexual offences are not published for areas this small.'
            end,
            case when publications > 1 then 'Months come from ' || publications || ' publications.' end,
            case
                when not has_police_classes
                    then 'Counted from street-level rows, whose places are approximate.'
            end
        ) as remarks
    from totals
),

alls as (
    select
        period_key,
        area_type,
        geography_vintage,
        borough_code,
        area_code,
        crimes,
        previous_crimes
    from totals
    where grouping_type = 'all'
),

crimes_recorded as (
    select
        'crimes_recorded' as measure_id,
        *,
        crimes as value,
        crimes as numerator,
        cast(null as double) as denominator,
        cast(null as bigint) as unknown_count,
        previous_crimes as previous_value,
        previous_crimes as previous_numerator,
        cast(null as double) as previous_denominator
    from described
),

crimes_per_day as (
    select
        'crimes_per_day' as measure_id,
        *,
        crimes / days_covered as value,
        crimes as numerator,
        days_covered as denominator,
        cast(null as bigint) as unknown_count,
        previous_crimes / (date_diff('day', previous_start, previous_end) + 1) as previous_value,
        previous_crimes as previous_numerator,
        date_diff('day', previous_start, previous_end) + 1 as previous_denominator
    from described
    where
        grouping_code in ('all', 'theft', 'robbery', 'business_crime_proxy')
        and period_type <> 'calendar_month'
),

offence_share_of_crime as (
    select
        'offence_share_of_crime' as measure_id,
        described.*,
        100.0 * described.crimes / nullif(alls.crimes, 0) as value,
        described.crimes as numerator,
        alls.crimes as denominator,
        cast(null as bigint) as unknown_count,
        100.0 * described.previous_crimes / nullif(alls.previous_crimes, 0) as previous_value,
        described.previous_crimes as previous_numerator,
        alls.previous_crimes as previous_denominator
    from described
    inner join alls
        on
            described.period_key = alls.period_key
            and described.area_type = alls.area_type
            and described.geography_vintage = alls.geography_vintage
            and described.area_code = alls.area_code
    where described.grouping_type <> 'all'
),

borough_totals as (
    select
        period_key,
        borough_code,
        grouping_type,
        grouping_code,
        months_covered,
        crimes
    from totals
    where area_type = 'borough'
),

-- The base is the crimes whose area is known; what the borough has beyond them is unknown.
area_totals as (
    select
        *,
        sum(crimes) over all_areas as known_crimes,
        sum(previous_crimes) over all_areas as known_previous_crimes
    from described
    where area_type in ('ward', 'lsoa', 'stable_area') and grouping_type <> 'offence_class'
    window all_areas as (
        partition by period_key, area_type, geography_vintage, borough_code, grouping_type, grouping_code
    )
),

area_share_of_borough_crime as (
    select
        'area_share_of_borough_crime' as measure_id,
        area_totals.* exclude (known_crimes, known_previous_crimes), -- noqa: RF02
        100.0 * area_totals.crimes / nullif(area_totals.known_crimes, 0) as value,
        area_totals.crimes as numerator,
        area_totals.known_crimes as denominator,
        case
            when borough_totals.months_covered = area_totals.months_covered
                then greatest(borough_totals.crimes - area_totals.known_crimes, 0)
        end as unknown_count,
        100.0 * area_totals.previous_crimes / nullif(area_totals.known_previous_crimes, 0) as previous_value,
        area_totals.previous_crimes as previous_numerator,
        area_totals.known_previous_crimes as previous_denominator
    from area_totals
    left join borough_totals
        on
            area_totals.period_key = borough_totals.period_key
            and area_totals.borough_code = borough_totals.borough_code
            and area_totals.grouping_type = borough_totals.grouping_type
            and area_totals.grouping_code = borough_totals.grouping_code
),

force_totals as (
    select
        period_key,
        grouping_type,
        grouping_code,
        crimes,
        previous_crimes
    from totals
    where area_type = 'force'
),

borough_share_of_force_crime as (
    select
        'borough_share_of_force_crime' as measure_id,
        described.*,
        100.0 * described.crimes / nullif(force_totals.crimes, 0) as value,
        described.crimes as numerator,
        force_totals.crimes as denominator,
        cast(null as bigint) as unknown_count,
        100.0 * described.previous_crimes / nullif(force_totals.previous_crimes, 0) as previous_value,
        described.previous_crimes as previous_numerator,
        force_totals.previous_crimes as previous_denominator
    from described
    inner join force_totals
        on
            described.period_key = force_totals.period_key
            and described.grouping_type = force_totals.grouping_type
            and described.grouping_code = force_totals.grouping_code
    where described.area_type = 'borough' and described.grouping_type <> 'offence_class'
),

computed as (
    select * from crimes_recorded
    union all by name
    select * from crimes_per_day
    union all by name
    select * from offence_share_of_crime
    union all by name
    select * from area_share_of_borough_crime
    union all by name
    select * from borough_share_of_force_crime
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
        grouping_code as category,
        'all' as breakdown_2,
        'all' as category_2,
        value,
        numerator,
        denominator,
        unknown_count,
        coverage_pct,
        previous_value,
        previous_numerator,
        previous_denominator,
        status,
        nullif(remarks, '') as status_reason,
        source_ids,
        data_origin,
        as_at_date
    from computed
),

-- Areas of which nothing was delivered for the review year: said, not left out.
not_supplied as (
    select
        'crimes_recorded' as measure_id,
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
        0 as coverage_pct,
        'not_supplied' as status,
        'No count of recorded crime and no complete file of crimes was delivered for areas of this kind.'
            as status_reason
    from areas
    cross join periods
    anti join totals
        on
            areas.area_type = totals.area_type
            and areas.geography_vintage = totals.geography_vintage
            and periods.period_key = totals.period_key
    where areas.geography_vintage <> '2011'
),

measured as (
    select * from shaped
    union all by name
    select * from not_supplied
)

{{ finished_measures('measured') }}
