{#-
    Counts of a subject's rows by month, area and category: what a measure adds up over its period.

    `rows` is a CTE with source, source_id, data_origin, as_at_date, the date column `date`, and the columns of
    `areas`, `breakdowns` and `within`. `kind` says what the value will be:

    - count: the rows for which `value` holds;
    - per_day: the same, divided by the days of the period;
    - share: of the rows for which `value` is known, those for which it holds;
    - mean: `value`, a number, per row of which it is known;
    - sum: `value`, a number, of all rows of which it is known;
    - distribution: the rows of each category as a share of those whose category is known.

    A null `value` is unknown: it is counted, never taken for false or nought. `lookback` is a condition: the
    unknown rows for which it holds are unknown because too little time before them was delivered. `areas` maps
    a kind of area to the column with its code; `breakdowns` a breakdown to its column ('all' is always there,
    except of a distribution); `within` is a second breakdown, with which each of `breakdowns` is also given.
    Without `total` there is no row for all categories together, as where they must never be summed; without
    `within_total` none for all those of `within`. `by_source` names breakdowns, of either kind, whose categories
    have a source each: what one lacks does not touch the others. `period_type` is the kind of year or quarter
    that the measure is given for.
-#}
{% macro measure_cells(
    measure_id, rows, kind='count', value='true', date='event_date', areas={'borough': 'borough_code'},
    breakdowns={}, within={}, lookback='false', where='true', by_source=[],
    total=true, within_total=true, period_type='review_year'
) %}
    {%- set vintages = {
        'borough': "'2009'", 'ward': "'2022'", 'lsoa': "'2021'", 'stable_area': "'stable'"
    } -%}
    {%- set lines = {'all': none} if total and kind != 'distribution' else {} -%}
    {%- do lines.update(breakdowns) -%}
    {%- set second_lines = {'all': none} if within_total else {} -%}
    {%- do second_lines.update(within) -%}
    {%- set keys = {} -%}
    {%- for column in areas.values() -%}
        {%- do keys.update({'area_' ~ loop.index: column}) -%}
    {%- endfor -%}
    {%- for column in breakdowns.values() -%}
        {%- do keys.update({'line_' ~ loop.index: column}) -%}
    {%- endfor -%}
    {%- for column in within.values() -%}
        {%- do keys.update({'second_' ~ loop.index: column}) -%}
    {%- endfor -%}
    {%- set sets = [] -%}
    {%- for area in range(1, areas | length + 1) -%}
        {%- for line in range(0 if 'all' in lines else 1, breakdowns | length + 1) -%}
            {%- for second in range(0 if 'all' in second_lines else 1, within | length + 1) -%}
                {%- do sets.append(
                    '(source, source_id, month, area_' ~ area ~ (', line_' ~ line if line else '')
                    ~ (', second_' ~ second if second else '') ~ ')'
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    select
        '{{ measure_id }}' as measure_id,
        '{{ kind }}' as kind,
        '{{ period_type }}' as period_type,
        source,
        source_id,
        {% if by_source -%}
            case
                when breakdown in {{ sql_text_list(by_source) }} then coalesce(category, '')
                when breakdown_2 in {{ sql_text_list(by_source) }} then coalesce(category_2, '')
                else ''
            end as source_group,
        {% else -%}
            '' as source_group,
        {% endif -%}
        month,
        area_type,
        area_code,
        geography_vintage,
        breakdown,
        {{ 'category' if kind == 'distribution' else "coalesce(category, 'unknown') as category" }},
        breakdown_2,
        coalesce(category_2, 'unknown') as category_2,
        numerator,
        known,
        unknown,
        short_of_lookback,
        data_origin,
        as_at_date
    from (
        select
            source,
            source_id,
            month,
            {{ grouped_name('area', areas) }} as area_type,
            {{ grouped_name('area', areas, vintages) }} as geography_vintage,
            coalesce({% for column in areas %}area_{{ loop.index }}, {% endfor %}null) as area_code,
            {{ grouped_name('line', breakdowns) }} as breakdown,
            {{ grouped_value('line', breakdowns) }} as category,
            {{ grouped_name('second', within) }} as breakdown_2,
            {{ grouped_value('second', within) }} as category_2,
            {{ 'sum(measured)' if kind in ('mean', 'sum') else 'count(*) filter (measured)' }} as numerator,
            count(measured) as known,
            count(*) - count(measured) as unknown,
            count(*) filter (measured is null and is_short_of_lookback) as short_of_lookback,
            max(data_origin) as data_origin,
            max(as_at_date) as as_at_date
        from (
            select
                rows_in.source,
                rows_in.source_id,
                cast(date_trunc('month', rows_in.{{ date }}) as date) as month,
                {{ value }} as measured,
                {{ lookback }} as is_short_of_lookback,
                {% for key, column in keys.items() %}
                    rows_in.{{ column }} as {{ key }},
                {% endfor %}
                rows_in.data_origin,
                rows_in.as_at_date
            from {{ rows }} as rows_in
            where {{ where }}
        ) as keyed
        group by grouping sets (
            {{ sets | join(',\n            ') }}
        )
    ) as crossed
    where area_code is not null
{% endmacro %}
