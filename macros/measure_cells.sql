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
    {%- set lines = {'all': "'all'"} if total and kind != 'distribution' else {} -%}
    {%- for name, column in breakdowns.items() -%}
        {%- do lines.update({name: 'cast(rows_in.' ~ column ~ ' as varchar)'}) -%}
    {%- endfor -%}
    {%- set second_lines = {'all': "'all'"} if within_total else {} -%}
    {%- for name, column in within.items() -%}
        {%- do second_lines.update({name: 'cast(rows_in.' ~ column ~ ' as varchar)'}) -%}
    {%- endfor -%}
    {%- set cells = [] -%}
    {%- for area_type, area_code in areas.items() -%}
        {%- for breakdown, category in lines.items() -%}
            {%- for breakdown_2, category_2 in second_lines.items() -%}
                {%- do cells.append(
                    "{'area_type': '" ~ area_type ~ "', 'area_code': rows_in." ~ area_code
                    ~ ", 'vintage': " ~ vintages[area_type]
                    ~ ", 'breakdown': '" ~ breakdown ~ "', 'category': " ~ category
                    ~ ", 'breakdown_2': '" ~ breakdown_2 ~ "', 'category_2': " ~ category_2 ~ "}"
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
                when cell.breakdown in {{ sql_text_list(by_source) }} then coalesce(cell.category, '') -- noqa: RF01
                when cell.breakdown_2 in {{ sql_text_list(by_source) }} then coalesce(cell.category_2, '') -- noqa: RF01
                else ''
            end as source_group,
        {% else -%}
            '' as source_group,
        {% endif -%}
        month,
        cell.area_type as area_type, -- noqa: RF01
        cell.area_code as area_code, -- noqa: RF01
        cell.vintage as geography_vintage, -- noqa: RF01
        cell.breakdown as breakdown, -- noqa: RF01
        {% if kind == 'distribution' -%}
            cell.category as category, -- noqa: RF01
        {% else -%}
            coalesce(cell.category, 'unknown') as category, -- noqa: RF01
        {% endif -%}
        cell.breakdown_2 as breakdown_2, -- noqa: RF01
        coalesce(cell.category_2, 'unknown') as category_2, -- noqa: RF01
        {% if kind in ('mean', 'sum') -%}
            sum(measured) as numerator,
        {% else -%}
            count(*) filter (measured) as numerator,
        {% endif -%}
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
            unnest([
                {{ cells | join(',\n                ') }}
            ]) as cell,
            rows_in.data_origin,
            rows_in.as_at_date
        from {{ rows }} as rows_in
        where {{ where }}
    ) as crossed
    where cell.area_code is not null -- noqa: RF01
    group by all
{% endmacro %}
