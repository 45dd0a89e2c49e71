{#-
    The measure contract from a subject's rows: names, intervals, change and its significance, status.

    `relation` is a CTE with measure_id, period_type, period_start, period_end, area_type, area_code,
    geography_vintage, breakdown, category, breakdown_2, category_2, value, numerator, denominator,
    unknown_count, coverage_pct, previous_value, previous_numerator, previous_denominator, status,
    status_reason, source_ids, data_origin, as_at_date. A percentage is of numerator and denominator (Wilson
    interval); any other measure with an interval is a Poisson count times a constant (Byar's approximation).
    With `as_published` the relation brings area_name, ci_lower and ci_upper of its own, and two values differ
    by more than chance where their intervals do not meet.
-#}
{% macro finished_measures(relation, as_published=false) %}
    select
        {{ surrogate_key([
            'rows_in.measure_id', 'rows_in.period_type', 'rows_in.period_start', 'rows_in.period_end',
            'rows_in.area_type', 'rows_in.area_code', 'rows_in.geography_vintage', 'rows_in.breakdown',
            'rows_in.category', 'rows_in.breakdown_2', 'rows_in.category_2',
        ]) }} as observation_key,
        rows_in.measure_id,
        rows_in.measure_name,
        rows_in.unit,
        rows_in.period_type,
        cast(rows_in.period_start as date) as period_start,
        cast(rows_in.period_end as date) as period_end,
        rows_in.area_type,
        rows_in.area_code,
        {{ 'coalesce(areas.area_name, rows_in.area_name)' if as_published else 'areas.area_name' }} as area_name,
        rows_in.geography_vintage,
        rows_in.breakdown,
        rows_in.category,
        rows_in.breakdown_2,
        rows_in.category_2,
        case when rows_in.final_status in ('ok', 'partial_period') then cast(rows_in.value as double) end as value,
        cast(rows_in.numerator as double) as numerator,
        cast(rows_in.denominator as double) as denominator,
        cast(rows_in.unknown_count as bigint) as unknown_count,
        cast(rows_in.coverage_pct as double) as coverage_pct,
        {% if as_published -%}
        case when rows_in.final_status in ('ok', 'partial_period') then rows_in.ci_lower end as ci_lower,
        case when rows_in.final_status in ('ok', 'partial_period') then rows_in.ci_upper end as ci_upper,
        {%- else -%}
        case
            when rows_in.final_status not in ('ok', 'partial_period') then null
            when rows_in.interval_method = 'wilson'
                then 100 * {{ wilson_bound('rows_in.numerator', 'rows_in.denominator', '-') }}
            when rows_in.interval_method = 'byar' and rows_in.numerator > 0
                then {{ byar_bound('rows_in.numerator', '-') }} * rows_in.value / rows_in.numerator
        end as ci_lower,
        case
            when rows_in.final_status not in ('ok', 'partial_period') then null
            when rows_in.interval_method = 'wilson'
                then 100 * {{ wilson_bound('rows_in.numerator', 'rows_in.denominator', '+') }}
            when rows_in.interval_method = 'byar' and rows_in.numerator > 0
                then {{ byar_bound('rows_in.numerator', '+') }} * rows_in.value / rows_in.numerator
        end as ci_upper,
        {% endif -%}
        case
            when rows_in.final_status in ('ok', 'partial_period') then cast(rows_in.previous_value as double)
        end as previous_value,
        case
            when rows_in.final_status in ('ok', 'partial_period')
                then 100 * (rows_in.value - rows_in.previous_value) / nullif(rows_in.previous_value, 0)
        end as change_pct,
        {% if as_published -%}
        case
            when rows_in.final_status in ('ok', 'partial_period') and rows_in.previous_value is not null
                then rows_in.ci_lower > rows_in.previous_ci_upper or rows_in.ci_upper < rows_in.previous_ci_lower
        end as change_is_beyond_chance,
        {%- else -%}
        case
            when rows_in.final_status not in ('ok', 'partial_period') or rows_in.previous_value is null then null
            when rows_in.interval_method = 'wilson'
                then {{ shares_differ(
                    'rows_in.numerator', 'rows_in.denominator', 'rows_in.previous_numerator',
                    'rows_in.previous_denominator'
                ) }}
            when rows_in.interval_method = 'byar'
                then {{ counts_differ('rows_in.numerator', 'rows_in.previous_numerator') }}
        end as change_is_beyond_chance,
        {% endif -%}
        rows_in.final_status as status,
        case
            when rows_in.final_status = 'low_base' and rows_in.status <> 'low_base'
                then 'The base is under 20; a percentage of so few would mislead.'
            else rows_in.status_reason
        end as status_reason,
        rows_in.definition_id,
        rows_in.source_ids,
        rows_in.data_origin,
        rows_in.as_at_date
    from (
        select
            {{ relation }}.*,
            measures.measure_name,
            measures.unit,
            measures.interval_method,
            measures.definition_id,
            case
                when
                    {{ relation }}.status
                    in ('suppressed', 'not_applicable', 'not_supplied', 'insufficient_lookback')
                    then {{ relation }}.status
                when measures.unit = 'percent' and {{ relation }}.denominator < 20 then 'low_base'
                else {{ relation }}.status
            end as final_status
        from {{ relation }}
        inner join {{ ref('dim_measure') }} as measures on {{ relation }}.measure_id = measures.measure_id
    ) as rows_in
    left join {{ ref('dim_area') }} as areas
        on
            rows_in.area_type = areas.area_type
            and rows_in.area_code = areas.area_code
            and case
                when rows_in.area_type in ('borough', 'force') then '2009'
                else rows_in.geography_vintage
            end = areas.geography_vintage
{% endmacro %}
