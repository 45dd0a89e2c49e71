with

shares as (
    select
        *,
        lag(numerator) over by_number as fewer_areas_numerator,
        lag(value) over by_number as fewer_areas_value
    from {{ ref('measures_concentration') }}
    where measure_id in ('top_areas_share_of_crime', 'concentration_curve')
    window by_number as (
        partition by
            measure_id, period_type, period_start, period_end, area_code, geography_vintage, breakdown,
            breakdown_2, category_2
        order by cast(category as integer)
    )
)

select * from shares
where numerator < fewer_areas_numerator or value < fewer_areas_value or numerator > denominator
