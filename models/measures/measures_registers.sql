-- Measures of registers: as on the last day of each review year, or over the year that ends with it.
-- Only a register that was delivered for that year has a value; one of an earlier day says so.
with

cells_in as (
    select * from {{ ref('base_cells_registers') }}
),

covered_months as (
    select * from {{ ref('bridge_covered_months') }}
),

offenders as (
    select * from {{ ref('fct_offenders') }}
),

families as (
    select * from {{ ref('fct_referrals') }}
),

areas as (
    select * from {{ ref('dim_area') }}
    where is_partnership
),

periods as (
    select * from {{ ref('dim_period') }}
    where
        period_type = 'review_year'
        and period_start between date '{{ var("review_year_start") }}' - interval 1 year
        and date '{{ var("review_year_start") }}'
),

-- The months in which a register was drawn up.
register_months as (
    select
        source,
        month
    from covered_months
    union
    select
        source,
        cast(date_trunc('month', register_date) as date) as month
    from offenders
    where register_date is not null
    union
    select
        source,
        cast(date_trunc('month', register_date) as date) as month
    from families
    where register_date is not null
),

-- An area that the partnership has none of is no row of nought: the registers name their own wards only.
cells as (
    select
        cells_in.*,
        periods.period_key
    from cells_in
    inner join periods on cells_in.month = date_trunc('month', periods.period_end)
    semi join areas
        on
            cells_in.area_type = areas.area_type
            and cells_in.area_code = areas.area_code
            and cells_in.geography_vintage = areas.geography_vintage
),

source_groups as (
    select
        measure_id,
        kind,
        source_group,
        count(distinct source) as sources,
        string_agg(distinct source_id, ',' order by source_id) as source_ids,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from cells_in
    group by measure_id, kind, source_group
),

sources as (
    select distinct
        measure_id,
        source_group,
        source
    from cells_in
),

latest_registers as (
    select
        sources.measure_id,
        sources.source_group,
        sources.source,
        periods.period_key,
        max(register_months.month) as register_month
    from sources
    cross join periods
    inner join register_months
        on
            sources.source = register_months.source
            and register_months.month between periods.period_start and periods.period_end
    group by sources.measure_id, sources.source_group, sources.source, periods.period_key
),

-- Every source of the measure has to have drawn one up.
registered as (
    select
        latest_registers.measure_id,
        latest_registers.source_group,
        latest_registers.period_key,
        min(latest_registers.register_month) as register_month
    from latest_registers
    inner join source_groups
        on
            latest_registers.measure_id = source_groups.measure_id
            and latest_registers.source_group = source_groups.source_group
    group by
        latest_registers.measure_id,
        latest_registers.source_group,
        latest_registers.period_key,
        source_groups.sources
    having count(*) = source_groups.sources
),

lines as (
    select distinct
        measure_id,
        kind,
        source_group,
        area_type,
        area_code,
        geography_vintage,
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
        periods.*
    from lines
    cross join periods
),

summed as (
    select
        period_key,
        measure_id,
        source_group,
        area_type,
        area_code,
        breakdown,
        category,
        breakdown_2,
        category_2,
        sum(numerator) as numerator,
        sum(known) as known,
        sum(unknown) as unknown
    from cells
    group by all
),

-- Of a distribution, all rows of the line, with those whose category is not known.
wholes as (
    select
        period_key,
        measure_id,
        source_group,
        area_type,
        area_code,
        breakdown,
        breakdown_2,
        category_2,
        coalesce(sum(known) filter (category is not null), 0) as known,
        coalesce(sum(known) filter (category is null), 0) as unknown
    from cells
    where kind = 'distribution'
    group by all
),

counted as (
    select
        grid.*,
        registered.register_month,
        coalesce(summed.numerator, 0) as numerator,
        coalesce(case when grid.kind = 'distribution' then wholes.known else summed.known end, 0) as known,
        coalesce(
            case when grid.kind = 'distribution' then wholes.unknown else summed.unknown end, 0
        ) as unknown
    from grid
    left join registered
        on
            grid.measure_id = registered.measure_id
            and grid.source_group = registered.source_group
            and grid.period_key = registered.period_key
    left join summed
        on
            grid.period_key = summed.period_key
            and grid.measure_id = summed.measure_id
            and grid.source_group = summed.source_group
            and grid.area_type = summed.area_type
            and grid.area_code = summed.area_code
            and grid.breakdown = summed.breakdown
            and grid.category = summed.category
            and grid.breakdown_2 = summed.breakdown_2
            and grid.category_2 = summed.category_2
    left join wholes
        on
            grid.period_key = wholes.period_key
            and grid.measure_id = wholes.measure_id
            and grid.source_group = wholes.source_group
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
            when register_month is null or (known = 0 and unknown > 0) then null
            when kind = 'count' then numerator
            when kind = 'mean' then numerator / nullif(known, 0)
            else 100.0 * numerator / nullif(known, 0)
        end as value
    from counted
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
        case when this_year.register_month is not null then this_year.numerator end as numerator,
        case when this_year.register_month is not null then this_year.denominator end as denominator,
        case when this_year.register_month is not null then this_year.unknown end as unknown_count,
        coalesce(
            100.0
            * (date_diff('month', this_year.period_start, this_year.register_month) + 1)
            / this_year.months,
            0
        ) as coverage_pct,
        year_before.value as previous_value,
        year_before.numerator as previous_numerator,
        year_before.denominator as previous_denominator,
        case
            when this_year.register_month is null then 'not_supplied'
            when this_year.known = 0 and this_year.unknown > 0 then 'not_supplied'
            when
                this_year.kind = 'distribution' and this_year.unknown > 1.5 * this_year.known
                then 'not_supplied'
            when this_year.kind in ('share', 'mean', 'distribution') and this_year.known = 0 then 'low_base'
            when this_year.register_month < date_trunc('month', this_year.period_end) then 'partial_period'
            else 'ok'
        end as status,
        case
            when this_year.register_month is null then 'No register was delivered for this period.'
            when this_year.known = 0 and this_year.unknown > 0
                then
                    'The field that this needs is empty or lacking in all '
                    || cast(this_year.unknown as bigint)
                    || ' records.'
            when this_year.kind = 'distribution' and this_year.unknown > 1.5 * this_year.known
                then 'It is unknown of more than 60% of the records.'
            when this_year.kind in ('share', 'mean', 'distribution') and this_year.known = 0
                then 'There are no such records in this period.'
            when this_year.register_month < date_trunc('month', this_year.period_end)
                then 'The register was drawn up in ' || strftime(this_year.register_month, '%B %Y') || '.'
        end as status_reason,
        source_groups.source_ids,
        source_groups.data_origin,
        source_groups.as_at_date
    from valued as this_year
    inner join source_groups
        on
            this_year.measure_id = source_groups.measure_id
            and this_year.source_group = source_groups.source_group
    left join valued as year_before
        on
            this_year.measure_id = year_before.measure_id
            and this_year.source_group = year_before.source_group
            and this_year.previous_start = year_before.period_start
            and this_year.area_type = year_before.area_type
            and this_year.area_code = year_before.area_code
            and this_year.breakdown = year_before.breakdown
            and this_year.category = year_before.category
            and this_year.breakdown_2 = year_before.breakdown_2
            and this_year.category_2 = year_before.category_2
            and this_year.register_month = year_before.register_month + interval 1 year
    where this_year.is_review_year
)

{{ finished_measures('measured') }}
