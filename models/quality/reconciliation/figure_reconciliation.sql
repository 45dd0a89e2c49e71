-- Every figure that the assessment prints, with what the deliveries give for it.
with

figures as (
    select * from {{ ref('printed_figures') }}
),

figure_measures as (
    select * from {{ ref('figure_measures') }}
),

figure_bases as (
    select * from {{ ref('figure_bases') }}
),

figure_gaps as (
    select * from {{ ref('figure_gaps') }}
),

print_errors as (
    select * from {{ ref('known_print_errors') }}
),

measures as (
    select * from {{ ref('dim_measure') }}
),

observations as (
    select
        measure_id,
        period_type,
        period_start,
        area_type,
        area_code,
        geography_vintage,
        breakdown,
        category,
        breakdown_2,
        category_2,
        value,
        numerator,
        denominator,
        unknown_count,
        previous_value,
        change_pct,
        status,
        status_reason,
        source_ids,
        data_origin,
        as_at_date
    from {{ ref('measures_all') }}
    where period_type <> 'calendar_month'
),

cost_rows as (
    select * from {{ ref('mart_cost_of_crime') }}
    where
        period_type = 'review_year'
        and area_type = 'borough'
        and deflator_release = '{{ var("deflator_release") }}'
),

-- Appendix 3 of the assessment: cost by class and component, with the totals of its last row.
cost_lines as (
    select * from cost_rows
    union all by name
    select * replace ('all' as cost_class_code)
    from cost_rows
),

cost_table as (
    select
        'cost_table' as measure_id,
        'review_year' as period_type,
        period_start,
        area_type,
        area_code,
        '2009' as geography_vintage,
        'cost_class' as breakdown,
        cost_class_code as category,
        'component' as breakdown_2,
        component as category_2,
        sum(cost_gbp) as value,
        max(status) as status,
        max(source_ids) as source_ids,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from cost_lines
    group by period_start, area_type, area_code, cost_class_code, component
),

candidates as (
    select * from observations
    union all by name
    select * from cost_table
),

mapped as (
    select
        'figure' as part_of,
        *
    from figure_measures
    union all by name
    select
        'base' as part_of,
        *
    from figure_bases
),

-- A figure may be the sum of several observations: their periods, areas or categories of either breakdown,
-- with a bar between.
by_period as (
    select
        * exclude (period_start),
        cast(unnest(string_split(period_start, '|')) as date) as period_start,
        len(string_split(period_start, '|')) as periods
    from mapped
),

by_area as (
    select
        * exclude (area_code),
        unnest(string_split(area_code, '|')) as area_code,
        len(string_split(area_code, '|')) as areas
    from by_period
),

by_category as (
    select
        * exclude (category),
        unnest(string_split(category, '|')) as category,
        category as categories,
        len(string_split(category, '|')) as first_categories
    from by_area
    where term not in ('peak', 'previous_peak', 'trough')
),

parts as (
    select
        * exclude (category_2),
        unnest(string_split(category_2, '|')) as category_2,
        periods * areas * first_categories * len(string_split(category_2, '|')) as parts
    from by_category
),

-- Of a peak only the line is sought: its category with the highest value, or the lowest.
peaks as (
    select
        by_area.figure_id,
        by_area.measure_id,
        by_area.term,
        by_area.category as categories,
        case
            when by_area.term = 'peak' then arg_max(candidates.category, candidates.value)
            when by_area.term = 'previous_peak' then arg_max(candidates.category, candidates.previous_value)
            else arg_min(candidates.category, candidates.value)
        end as recomputed_text,
        max(candidates.source_ids) as source_ids,
        max(candidates.as_at_date) as as_at_date,
        case when max(candidates.data_origin) = 'synthetic' then 'synthetic' else 'real' end as basis
    from by_area
    inner join candidates
        on
            by_area.measure_id = candidates.measure_id
            and by_area.period_start = candidates.period_start
            and by_area.area_type = candidates.area_type
            and by_area.area_code = candidates.area_code
            and by_area.breakdown = candidates.breakdown
            and by_area.breakdown_2 = candidates.breakdown_2
            and by_area.category_2 = candidates.category_2
    where
        by_area.term in ('peak', 'previous_peak', 'trough')
        and case
            when by_area.term = 'previous_peak' then candidates.previous_value else candidates.value
        end is not null
    group by by_area.figure_id, by_area.measure_id, by_area.term, by_area.category
),

found as (
    select
        parts.figure_id,
        parts.part_of,
        parts.measure_id,
        parts.term,
        parts.scale,
        parts.parts,
        case parts.term
            when 'value' then candidates.value
            when 'previous_value' then candidates.previous_value
            when 'change_pct' then candidates.change_pct
            when 'change' then candidates.value - candidates.previous_value
            when 'numerator' then candidates.numerator
            when 'denominator' then candidates.denominator
            when 'unknown_share'
                then
                    100.0 * candidates.unknown_count
                    / nullif(candidates.unknown_count + candidates.denominator, 0)
        end as part_value,
        candidates.status,
        candidates.status_reason,
        candidates.source_ids,
        candidates.as_at_date,
        case
            -- What was published by others is delivered as it was printed: it proves nothing.
            when measures.subject = 'indicators' then 'echo'
            when candidates.data_origin = 'synthetic' then 'synthetic'
            when candidates.data_origin is not null then 'real'
        end as basis
    from parts
    left join measures on parts.measure_id = measures.measure_id
    left join candidates
        on
            parts.measure_id = candidates.measure_id
            and parts.period_start = candidates.period_start
            and list_contains(string_split(parts.area_type, '|'), candidates.area_type)
            and parts.area_code = candidates.area_code
            and coalesce(parts.geography_vintage, candidates.geography_vintage)
            = candidates.geography_vintage
            and parts.breakdown = candidates.breakdown
            and parts.category = candidates.category
            and parts.breakdown_2 = candidates.breakdown_2
            and parts.category_2 = candidates.category_2
            -- Months that both years have stand beside the year: they are taken where the seed names them.
            and case
                when parts.period_type is null then candidates.period_type <> 'like_for_like'
                else parts.period_type = candidates.period_type
            end
),

added as (
    select
        figure_id,
        part_of,
        max(measure_id) as measure_id,
        max(term) as term,
        case when count(part_value) = max(parts) then max(scale) * sum(part_value) end as amount,
        max(parts) as parts,
        max(status) as status,
        max(status_reason) as status_reason,
        max(source_ids) as source_ids,
        max(as_at_date) as as_at_date,
        max(basis) as basis
    from found
    group by figure_id, part_of
),

-- With a base the figure is a percentage of it. What rests on a synthetic part is synthetic.
recomputed as (
    select
        figures_added.figure_id,
        figures_added.measure_id,
        figures_added.term,
        case
            when bases_added.figure_id is null then figures_added.amount
            else 100 * figures_added.amount / nullif(bases_added.amount, 0)
        end as recomputed_value,
        cast(null as varchar) as recomputed_text,
        cast(null as varchar) as categories,
        figures_added.parts,
        figures_added.status,
        coalesce(figures_added.status_reason, bases_added.status_reason) as status_reason,
        figures_added.source_ids,
        figures_added.as_at_date,
        greatest(figures_added.basis, bases_added.basis) as basis
    from added as figures_added
    left join added as bases_added
        on figures_added.figure_id = bases_added.figure_id and bases_added.part_of = 'base'
    where figures_added.part_of = 'figure'
    union all by name
    select
        *,
        1 as parts,
        'ok' as status
    from peaks
),

compared as (
    select
        figures.*,
        recomputed.measure_id,
        recomputed.term,
        recomputed.recomputed_value,
        recomputed.recomputed_text,
        recomputed.categories,
        recomputed.parts,
        recomputed.status,
        recomputed.status_reason,
        recomputed.source_ids,
        recomputed.as_at_date,
        recomputed.basis,
        try_cast(figures.printed as double) as printed_value,
        cast(length(regexp_extract(figures.printed, '\.(\d+)$', 1)) as integer) as printed_decimals
    from figures
    left join recomputed on figures.figure_id = recomputed.figure_id
),

-- Print rounds, or cuts (I31): either is the same figure. Of one in words ("a third") two points are allowed.
judged as (
    select
        *,
        case
            when needs_rows = 'no' then 'context'
            when recomputed_text is not null
                then
                    case
                        when list_contains(string_split(categories, '|'), recomputed_text) then 'matches'
                        else 'differs'
                    end
            when recomputed_value is null or printed_value is null then 'not_computable'
            -- A count of some months is no count of the year; a share of them is compared.
            when status = 'partial_period' and unit not like 'percent%' then 'not_computable'
            when
                round(recomputed_value, printed_decimals) = printed_value
                or trunc(recomputed_value * power(10, printed_decimals))
                = round(printed_value * power(10, printed_decimals))
                then 'matches'
            when unit = 'percent_approx' and abs(recomputed_value - printed_value) <= 2 then 'matches'
            else 'differs'
        end as verdict
    from compared
)

select
    judged.figure_id,
    judged.page,
    judged.section,
    judged.source_system,
    judged.figure,
    judged.category,
    judged.period,
    judged.area,
    judged.base,
    judged.printed,
    judged.unit,
    judged.needs_rows,
    judged.measure_id,
    judged.term,
    judged.recomputed_value,
    judged.recomputed_text,
    case
        when judged.verdict = 'differs' then judged.recomputed_value - judged.printed_value
    end as difference,
    judged.verdict,
    case when judged.verdict in ('matches', 'differs') then judged.basis end as basis,
    case
        when judged.verdict = 'context'
            then 'No partner delivers it: ' || coalesce(judged.rows_needed, 'context')
        when judged.verdict <> 'not_computable' then print_errors.reason
        when judged.measure_id is null and figure_measures.figure_id is not null
            then 'Nothing was delivered for its period, area or category.'
        when judged.measure_id is null
            then
                coalesce(
                    figure_gaps.reason,
                    'No measure gives it. It needs ' || coalesce(judged.rows_needed, 'rows') || '.'
                )
        when judged.printed_value is null then 'It is printed in words.'
        when judged.status is null then 'Nothing was delivered for its period, area or category.'
        when judged.status_reason is not null then judged.status_reason
        when judged.parts > 1 then 'Nothing was delivered for one of the parts that it is the sum of.'
        else 'The year before was not delivered whole, so there is nothing to compare with.'
    end as reason,
    judged.issue_id,
    print_errors.correct_value,
    judged.source_ids,
    judged.as_at_date
from judged
left join print_errors on judged.issue_id = print_errors.issue_id
left join figure_gaps on judged.figure_id = figure_gaps.figure_id
left join figure_measures on judged.figure_id = figure_measures.figure_id
