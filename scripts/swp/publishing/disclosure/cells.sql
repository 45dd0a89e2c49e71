-- Figures as cells. In: the temp tables figures (rows of the measure contract, with the handling of their measure)
-- and places (which area lies in which). Out: quantities, a row per count that a figure shows or lets work out,
-- and cells, one per different count: what several figures show is one cell.

-- A category that is an area is an area: the wards of "where crimes happen" are the wards of other figures.
create or replace temp table placed_figures as
select
    figures.* replace (
        coalesce(places.area_type, figures.area_type) as area_type,
        coalesce(places.area_code, figures.area_code) as area_code,
        coalesce(places.geography_vintage, figures.geography_vintage) as geography_vintage,
        case when places.area_code is null then figures.breakdown else 'all' end as breakdown,
        case when places.area_code is null then figures.category else 'all' end as category
    ),
    figures.status = 'suppressed' as is_hidden,
    bool_or(unknown_count > 0) over (partition by measure_id) as has_unknown,
    coalesce(
        numerator,
        case when unit = 'count' then value when unit = 'percent' then round(value * denominator / 100) end
    ) as known_numerator,
    cast(period_start - interval 1 year as date) as previous_start,
    case
        when period_end = last_day(period_end) then last_day(cast(period_end - interval 1 year as date))
        else cast(period_end - interval 1 year as date)
    end as previous_end
from figures
left join places
    on
        figures.category = places.area_code
        and figures.area_code = places.parent_code
        and starts_with(figures.breakdown, places.area_type)
where handling = 'counted';

create or replace temp table quantities as
with

-- Where the categories make up the base, the others are in figures of their own.
with_all_others as (
    select measure_id, breakdown, breakdown_2
    from (
        select
            measure_id,
            breakdown,
            breakdown_2,
            count(*) as categories,
            sum(known_numerator) - max(denominator) as difference,
            count(known_numerator) = count(*) as is_complete
        from placed_figures
        where unit = 'percent' and breakdown <> 'all'
        group by
            measure_id, breakdown, breakdown_2, category_2, area_type, area_code, geography_vintage, period_type,
            period_start, period_end
    ) as distributions
    group by all
    having max(categories) > 1 and bool_and(abs(difference) < 1e-6) filter (is_complete)
),

-- The unknown of a figure can be left out by itself, and so can what stood a year before: they are sides.
-- A percentage of which only the base is given gives its count as well. What a share leaves is a count too
-- (those without a sanction), and so are all records, known and unknown.
parts as (
    select
        *,
        unnest([
            {'side': 'now', 'quantity': 'numerator', 'amount': case when unit <> 'days' then known_numerator end,
             'exists': unit <> 'days' and (is_hidden or known_numerator is not null)},
            {'side': 'now', 'quantity': 'denominator', 'amount': case when unit <> 'per_day' then denominator end,
             'exists': unit in ('percent', 'ratio', 'days') and (is_hidden or denominator is not null)},
            {'side': 'now', 'quantity': 'complement',
             'amount': case when unit = 'percent' then denominator - known_numerator end,
             'exists': unit = 'percent' and with_all_others.measure_id is null
                and (is_hidden or denominator - known_numerator is not null)},
            {'side': 'unknown', 'quantity': 'unknown', 'amount': unknown_count,
             'exists': has_unknown and known_numerator is not null},
            {'side': 'unknown', 'quantity': 'records',
             'amount': case when unit = 'count' then known_numerator when unit in ('percent', 'days') then denominator end
                + unknown_count,
             'exists': has_unknown and known_numerator is not null and unit in ('percent', 'days', 'count')}
        ], recursive := true)
    from placed_figures
    left join with_all_others using (measure_id, breakdown, breakdown_2)
),

before as (
    select
        * replace (previous_start as period_start, previous_end as period_end),
        'before' as side,
        'numerator' as quantity,
        case
            when unit = 'count' then previous_value
            else round(previous_value * (date_diff('day', previous_start, previous_end) + 1))
        end as amount,
        true as "exists"
    from placed_figures
    where unit in ('count', 'per_day') and previous_value is not null
),

both_sides as (
    select * exclude (known_numerator) from parts where "exists"
    union all by name
    select * exclude (known_numerator) from before
),

-- A base that is the same for all areas of a kind is that of the area which they lie in.
common_bases as (
    select
        measure_id, quantity, breakdown, breakdown_2, both_sides.area_type, both_sides.geography_vintage
    from both_sides
    inner join places using (area_type, area_code, geography_vintage)
    where quantity in ('denominator', 'unknown', 'records') and places.parent_type = 'borough'
    group by all
    having
        count(distinct both_sides.area_code) > 1
        and count(distinct amount) > 1
        and count(distinct (category, category_2, period_start, period_end, places.parent_code))
        = count(distinct (category, category_2, period_start, period_end, places.parent_code, amount))
)

select
    observation_key,
    side,
    both_sides.measure_id,
    both_sides.quantity,
    both_sides.breakdown,
    category,
    both_sides.breakdown_2,
    category_2,
    coalesce(places.parent_type, both_sides.area_type) as area_type,
    coalesce(places.parent_code, both_sides.area_code) as area_code,
    coalesce(places.parent_vintage, both_sides.geography_vintage) as geography_vintage,
    places.parent_code is not null as is_common_base,
    unit = 'percent' as is_share,
    unit = 'count' as is_total,
    period_type,
    period_start,
    period_end,
    cast(amount as double) as amount
from both_sides
left join common_bases
    on
        both_sides.measure_id = common_bases.measure_id
        and both_sides.quantity = common_bases.quantity
        and both_sides.breakdown = common_bases.breakdown
        and both_sides.breakdown_2 = common_bases.breakdown_2
        and both_sides.area_type = common_bases.area_type
        and both_sides.geography_vintage = common_bases.geography_vintage
left join common_bases as of_areas
    on
        both_sides.quantity = 'complement'
        and of_areas.quantity = 'denominator'
        and both_sides.measure_id = of_areas.measure_id
        and both_sides.breakdown = of_areas.breakdown
        and both_sides.breakdown_2 = of_areas.breakdown_2
        and both_sides.area_type = of_areas.area_type
        and both_sides.geography_vintage = of_areas.geography_vintage
left join places
    on
        common_bases.measure_id is not null
        and both_sides.area_type = places.area_type
        and both_sides.area_code = places.area_code
        and both_sides.geography_vintage = places.geography_vintage
        and places.parent_type = 'borough'
-- All but those of one area are in figures of the other areas.
where of_areas.measure_id is null;

-- What tells counts apart, as hashes: `series` is a count of all areas and periods, `kind` all categories of one, `extent`
-- the areas and periods that it is compared over.
create or replace temp table counts as
select
    hash(measure_id, quantity, breakdown, breakdown_2) as kind,
    hash(measure_id, quantity, breakdown, category, breakdown_2, category_2) as series,
    hash(area_type, geography_vintage, period_type) as extent,
    hash(area_code, period_start, period_end) as point,
    any_value(category) as category,
    any_value(category_2) as category_2,
    min(amount) as amount,
    max(amount) as largest
from quantities
group by all;

-- A base is that of all categories: it is told apart by none of them.
create or replace temp table common_to_categories as
with

over_first as (
    select kind, count(*) as categories, min(amount) as smallest, max(largest) as largest
    from counts
    group by kind, category_2, extent, point
    having count(*) > 1
),

over_second as (
    select kind, count(*) as categories, min(amount) as smallest, max(largest) as largest
    from counts
    group by kind, category, extent, point
    having count(*) > 1
)

select kind, 'first' as which
from over_first
group by kind
having max(largest - smallest) < 1e-6 and sum(categories - 1) filter (largest > 0) >= 3
union all
select kind, 'second'
from over_second
group by kind
having max(largest - smallest) < 1e-6 and sum(categories - 1) filter (largest > 0) >= 3;

create or replace temp table described as
select distinct
    series,
    kind,
    hash(list_sort(list_filter(
        [
            case when kind not in (select kind from common_to_categories where which = 'first') then category end,
            case when kind not in (select kind from common_to_categories where which = 'second') then category_2 end
        ],
        named -> named <> 'all'
    ))) as categories
from counts;

-- Two kinds of count that agree wherever both are given, for the same categories, areas and periods, are one: crimes
-- recorded, and those counted a day. Few or small numbers agree by chance.
create or replace temp table agreeing as
with

compared as (
    select kind, categories, extent, point, max(largest) as amount
    from counts
    inner join described using (series, kind)
    group by all
    having max(largest) - min(amount) < 1e-6
),

pairs as (
    select
        one.kind,
        other.kind as other_kind,
        extent,
        max(abs(one.amount - other.amount)) < 1e-6 as agree,
        count(distinct one.amount) filter (one.amount > 0) as different,
        max(one.amount) as largest
    from compared as one
    inner join compared as other using (categories, extent, point)
    where one.kind <> other.kind
    group by all
)

select kind, other_kind, extent
from pairs
where agree
qualify
    sum(different) over (partition by kind, other_kind) >= 2
    or max(largest) over (partition by kind, other_kind) >= 100;

create or replace temp table twins as
with

named as (
    select
        series,
        extent,
        hash(least(kind, min(other_kind)), any_value(categories)) as name
    from (select distinct kind, series, extent from counts)
    inner join described using (series, kind)
    left join agreeing using (kind, extent)
    group by series, extent, kind
),

-- Categories of other names are found by their numbers.
contents as (
    select
        name,
        extent,
        hash(list(distinct hash(point, largest) order by hash(point, largest))) as content,
        count(distinct largest) filter (largest > 0) as different
    from counts
    inner join named using (series, extent)
    group by all
)

select
    series,
    extent,
    case when different >= 4 then min(name) over (partition by extent, content) else name end as twin
from named
inner join contents using (name, extent);

create or replace temp table keyed as
with

named as (
    select
        quantities.*,
        hash(
            twin, area_type, area_code, geography_vintage, period_start, period_end
        ) as place
    from quantities
    inner join twins
        on
            hash(measure_id, quantity, breakdown, category, breakdown_2, category_2) = twins.series
            and hash(area_type, geography_vintage, period_type) = twins.extent
),

-- One count that was restated between two deliveries is two.
restated as (
    select place, max(amount) - min(amount) > 1e-6 as is_restated, max(amount) as only_amount
    from named
    group by place
)

select
    named.* exclude (amount, place),
    -- What the joins of relations.sql compare.
    hash(measure_id) as measure,
    hash(breakdown, category) as first,
    hash(breakdown_2, category_2) as second,
    hash(area_type, area_code, geography_vintage) as area,
    hash(period_type, period_start, period_end) as period,
    case when is_restated then amount else only_amount end as amount,
    dense_rank() over (order by named.place, case when is_restated then amount end) - 1 as cell
from named
inner join restated on named.place = restated.place;

create or replace temp table cells as
select cell, any_value(amount) as amount
from keyed
group by cell
order by cell;
