-- What adds up to what. In: keyed and cells (of cells.sql), places, parts. Out: sums, a row per parent cell and the
-- cells that make it up; `line` is the kind of sum that it is one of; lines says of each whether it adds up.

create or replace temp table points as
select distinct * exclude (observation_key, side, is_share, is_total)
from keyed;

create or replace temp table memberships as
with

-- The base is those counted and the others; the records are those known and those unknown.
of_a_figure as (
    select
        hash('figure', parent.measure, parent.quantity) as line,
        hash(parent.observation_key, parent.side) as instance,
        parent.cell as parent,
        child.cell as child
    from keyed as parent
    inner join keyed as child using (observation_key)
    where
        child.side <> 'before'
        and parent.side <> 'before'
        and (
        (parent.quantity = 'denominator' and parent.is_share and child.quantity in ('numerator', 'complement'))
        or (parent.quantity = 'records' and child.quantity in ('denominator', 'unknown'))
        or (parent.quantity = 'records' and child.quantity = 'numerator' and parent.is_total)
        )
),

with_a_whole as (
    select distinct measure
    from points
    where breakdown = 'all'
),

of_categories as (
    select
        hash('category', child.measure, child.quantity, child.breakdown, child.breakdown_2) as line,
        hash(
            child.measure, child.quantity, child.breakdown, child.second, child.area, child.period
        ) as instance,
        parent.cell as parent,
        child.cell as child
    from points as child
    inner join points as parent using (measure, quantity, second, area, period)
    where child.breakdown <> 'all' and parent.breakdown = 'all' and not child.is_common_base
),

-- Of a distribution the categories make up its base.
of_distributions as (
    select
        hash('distribution', child.measure, child.breakdown, child.breakdown_2) as line,
        hash(child.measure, child.breakdown, child.second, child.area, child.period) as instance,
        parent.cell as parent,
        child.cell as child
    from points as child
    inner join points as parent using (measure, first, second, area, period)
    anti join with_a_whole using (measure)
    where child.quantity = 'numerator' and parent.quantity = 'denominator' and not parent.is_common_base
),

of_second_categories as (
    select
        hash('second', child.measure, child.quantity, child.breakdown, child.breakdown_2) as line,
        hash(
            child.measure, child.quantity, child.first, child.breakdown_2, child.area, child.period
        ) as instance,
        parent.cell as parent,
        child.cell as child
    from points as child
    inner join points as parent using (measure, quantity, first, area, period)
    where child.breakdown_2 <> 'all' and parent.breakdown_2 = 'all' and not child.is_common_base
),

-- Classes of offence make up groups and definitions.
of_parts as (
    select
        hash('part', child.measure, child.quantity, parts.breakdown, parts.part_breakdown) as line,
        hash(child.measure, child.quantity, parent.first, parts.part_breakdown, second, area, period) as instance,
        parent.cell as parent,
        child.cell as child
    from points as child
    inner join parts on child.breakdown = parts.part_breakdown and child.category = parts.part_category
    inner join points as parent using (measure, quantity, second, area, period)
    where parts.breakdown = parent.breakdown and parts.category = parent.category
),

within_areas as (
    select
        points.*,
        hash(places.parent_type, places.parent_code, places.parent_vintage) as parent_area
    from points
    inner join places using (area_type, area_code, geography_vintage)
),

-- Small areas make up larger ones. The base of a share of areas is what those areas have together.
of_areas as (
    select
        hash(
            'area', child.measure, child.quantity, parent.quantity, child.breakdown, child.breakdown_2,
            child.area_type, child.geography_vintage, parent.area_type
        ) as line,
        hash(
            child.measure, child.quantity, parent.quantity, child.first, child.second, child.area_type,
            child.geography_vintage, parent.area, child.period
        ) as instance,
        parent.cell as parent,
        child.cell as child
    from within_areas as child
    inner join points as parent
        on
            child.parent_area = parent.area
            and child.measure = parent.measure
            and child.first = parent.first
            and child.second = parent.second
            and child.period = parent.period
    where
        (child.quantity = parent.quantity and not parent.is_common_base)
        or (child.quantity = 'numerator' and parent.quantity = 'denominator' and parent.is_common_base)
),

-- Months make up years, and a shorter span is within a longer one.
of_periods as (
    select
        hash(
            'period', child.measure, child.quantity, child.breakdown, child.breakdown_2, child.area_type,
            child.geography_vintage, child.period_type, parent.period_type
        ) as line,
        hash(
            child.measure, child.quantity, child.first, child.second, child.area, child.period_type,
            parent.period, case when child.period_type <> 'calendar_month' then child.period_start end
        ) as instance,
        parent.cell as parent,
        child.cell as child
    from points as child
    inner join points as parent using (measure, quantity, first, second, area, is_common_base)
    where
        child.period_type in ('calendar_month', 'like_for_like', 'review_year', 'rolling_12_months')
        and parent.period_type in ('like_for_like', 'review_year', 'rolling_12_months')
        and child.period_start >= parent.period_start
        and child.period_end <= parent.period_end
        and child.period_end - child.period_start < parent.period_end - parent.period_start
)

select * from of_a_figure
union all
select * from of_categories
union all
select * from of_distributions
union all
select * from of_second_categories
union all
select * from of_parts
union all
select * from of_areas
union all
select * from of_periods;

create or replace temp table sums as
with

-- What is nought as a whole is nought in each part: see noughts, below.
different as (
    select distinct
        line,
        instance,
        parent,
        child,
        parents.amount as parent_amount,
        children.amount as amount
    from memberships
    inner join cells as children on memberships.child = children.cell
    inner join cells as parents on memberships.parent = parents.cell
    where parent <> child and parents.amount is distinct from 0
)

select
    line,
    parent,
    any_value(parent_amount) as parent_amount,
    list_sort(list(child)) as children,
    sum(amount) as total,
    max(amount) as largest,
    count(amount) = count(*) and any_value(parent_amount) is not null as is_complete
from different
group by line, instance, parent;

-- Whether a line adds up is seen where nothing of it is hidden: parts that overlap are each within the whole.
create or replace temp table lines as
select
    line,
    case
        when bool_and(abs(total - parent_amount) <= 1e-6 * greatest(parent_amount, 1)) filter (is_complete)
            then 'adds_up'
        when bool_and(total <= parent_amount + 1e-6 * greatest(parent_amount, 1)) filter (is_complete) then 'apart'
        when bool_and(largest <= parent_amount + 1e-6 * greatest(parent_amount, 1)) filter (is_complete) then 'within'
    end as verdict
from sums
group by line;

-- Many figures show the same sum. One with a count that nobody knows (left out at its source) says nothing for sure.
-- Parts that may overlap are each a sum of their own, with a rest.
create or replace temp table relations as
with

whole_lines as (
    select distinct
        parent,
        children,
        verdict = 'apart' as has_rest
    from sums
    inner join lines using (line)
    where verdict in ('adds_up', 'apart') and is_complete
),

single_parts as (
    select distinct
        parent,
        [unnest(children)] as children,
        true as has_rest
    from sums
    inner join lines using (line)
    where verdict = 'within' and is_complete
)

select
    row_number() over () - 1 as relation,
    parent,
    children,
    bool_and(has_rest) as has_rest
from (from whole_lines union all from single_parts)
group by parent, children;

-- A part of nought is known to be nought, hidden or not: it covers no other count.
create or replace temp table noughts as
select distinct memberships.child as cell
from memberships
inner join lines on memberships.line = lines.line
inner join cells on memberships.parent = cells.cell
where lines.verdict is not null and cells.amount = 0;
