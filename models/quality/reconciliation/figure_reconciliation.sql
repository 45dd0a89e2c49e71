-- Every figure that the assessment prints, with what the deliveries give for it.
with

figures as (
    select * from {{ ref('printed_figures') }}
),

figure_measures as (
    select * from {{ ref('figure_measures') }}
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
        period_start,
        area_type,
        area_code,
        geography_vintage,
        breakdown,
        category,
        breakdown_2,
        category_2,
        value,
        previous_value,
        change_pct,
        status,
        status_reason,
        source_ids,
        data_origin,
        as_at_date
    from {{ ref('measures_all') }}
    where period_type = 'review_year'
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

recomputed as (
    select
        figure_measures.figure_id,
        figure_measures.measure_id,
        figure_measures.term,
        figure_measures.scale * case figure_measures.term
            when 'value' then candidates.value
            when 'previous_value' then candidates.previous_value
            when 'change_pct' then candidates.change_pct
            when 'change' then candidates.value - candidates.previous_value
        end as recomputed_value,
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
    from figure_measures
    left join measures on figure_measures.measure_id = measures.measure_id
    left join candidates
        on
            figure_measures.measure_id = candidates.measure_id
            and figure_measures.period_start = candidates.period_start
            and figure_measures.area_type = candidates.area_type
            and figure_measures.area_code = candidates.area_code
            and coalesce(figure_measures.geography_vintage, candidates.geography_vintage)
            = candidates.geography_vintage
            and figure_measures.breakdown = candidates.breakdown
            and figure_measures.category = candidates.category
            and figure_measures.breakdown_2 = candidates.breakdown_2
            and figure_measures.category_2 = candidates.category_2
),

compared as (
    select
        figures.*,
        recomputed.measure_id,
        recomputed.term,
        recomputed.recomputed_value,
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
            when recomputed_value is null or printed_value is null then 'not_computable'
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
    case
        when judged.verdict = 'differs' then judged.recomputed_value - judged.printed_value
    end as difference,
    judged.verdict,
    case when judged.verdict in ('matches', 'differs') then judged.basis end as basis,
    case
        when judged.verdict = 'context'
            then 'No partner delivers it: ' || coalesce(judged.rows_needed, 'context')
        when judged.verdict <> 'not_computable' then print_errors.reason
        when judged.printed_value is null then 'It is printed in words.'
        when judged.measure_id is null
            then 'No measure gives it yet. It needs ' || coalesce(judged.rows_needed, 'rows') || '.'
        when judged.status is null then 'Nothing was delivered for its period, area or category.'
        when judged.status_reason is not null then judged.status_reason
        else 'The year before was not delivered whole, so there is nothing to compare with.'
    end as reason,
    judged.issue_id,
    print_errors.correct_value,
    judged.source_ids,
    judged.as_at_date
from judged
left join print_errors on judged.issue_id = print_errors.issue_id
