with

profiles as (
    select * from {{ ref('mart_ward_profiles') }}
),

grouped as (
    select
        period_start,
        period_end,
        ward_code,
        ward_name,
        is_west_end,
        max(value) filter (aspect = 'resident_victims') as resident_victims_pct,
        max(value) filter (aspect = 'resident_accused') as resident_accused_pct,
        {% for aspect, name, places in [
            ('crime_by_volume', 'key_crimes_by_volume', 4), ('crime_by_harm', 'key_crimes_by_harm', 2),
            ('survey_priority', 'survey_priorities', 3),
        ] %}
            string_agg(item_name, ' / ' order by place_in_ward, item_name)
                filter (aspect = '{{ aspect }}' and place_in_ward <= {{ places }} and value > 0) as {{ name }},
        {% endfor %}
        {% for aspect, name in [
            ('crime_by_volume', 'over_represented_by_volume'), ('crime_by_harm', 'over_represented_by_harm'),
            ('issue', 'over_represented_issues'),
        ] %}
            {% for suffix in ['', '_without_west_end'] %}
                string_agg(item_name, ' / ' order by location_quotient{{ suffix }} desc, item_name)
                    filter (aspect = '{{ aspect }}' and is_over_represented{{ suffix }}) as {{ name }}{{ suffix }},
            {% endfor %}
        {% endfor %}
        string_agg(distinct item_name, ' / ' order by item_name)
            filter (status not in ('ok', 'partial_period')) as without_value,
        list(distinct source_ids) as source_lists,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from profiles
    group by period_start, period_end, ward_code, ward_name, is_west_end
)

select
    {{ surrogate_key(['period_start', 'ward_code']) }} as profile_key,
    * exclude (source_lists, data_origin, as_at_date),
    array_to_string(list_sort(list_distinct(string_split(array_to_string(source_lists, ','), ','))), ',')
        as source_ids,
    data_origin,
    as_at_date
from grouped
