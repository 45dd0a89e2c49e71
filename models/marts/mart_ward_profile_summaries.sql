with

profiles as (
    select
        *,
        value > 0 and status in ('ok', 'partial_period') as is_there
    from {{ ref('mart_ward_profiles') }}
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
        string_agg(item_name, ' / ' order by place_in_ward, item_name)
        filter (aspect = 'crime_by_volume' and is_there and place_in_ward <= 4) as key_crimes_by_volume,
        string_agg(item_name, ' / ' order by place_in_ward, item_name)
        filter (aspect = 'crime_by_harm' and is_there and place_in_ward <= 2) as key_crimes_by_harm,
        string_agg(item_name, ' / ' order by place_in_ward, item_name)
        filter (aspect = 'survey_priority' and is_there and place_in_ward <= 3) as survey_priorities,
        string_agg(item_name, ' / ' order by place_in_ward, item_name)
        filter (aspect = 'problem_solving' and is_there and place_in_ward <= 3) as problem_solving_priorities,
        string_agg(item_name, ' / ' order by location_quotient desc, item_name asc)
        filter (aspect = 'crime_by_volume' and is_over_represented)
            as over_represented_by_volume,
        string_agg(item_name, ' / ' order by location_quotient_without_west_end desc, item_name asc)
        filter (aspect = 'crime_by_volume' and is_over_represented_without_west_end)
            as over_represented_by_volume_without_west_end,
        string_agg(item_name, ' / ' order by location_quotient desc, item_name asc)
        filter (aspect = 'crime_by_harm' and is_over_represented)
            as over_represented_by_harm,
        string_agg(item_name, ' / ' order by location_quotient_without_west_end desc, item_name asc)
        filter (aspect = 'crime_by_harm' and is_over_represented_without_west_end)
            as over_represented_by_harm_without_west_end,
        string_agg(item_name, ' / ' order by location_quotient desc, item_name asc)
        filter (aspect = 'issue' and is_over_represented)
            as over_represented_issues,
        string_agg(item_name, ' / ' order by location_quotient_without_west_end desc, item_name asc)
        filter (aspect = 'issue' and is_over_represented_without_west_end)
            as over_represented_issues_without_west_end,
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
