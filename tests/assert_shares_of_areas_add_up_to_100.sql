-- Over all areas of a kind; where no share is given (low base) the counts must still add up.
with

shares as (
    select
        period_type,
        period_start,
        period_end,
        area_type,
        geography_vintage,
        breakdown,
        category,
        sum(numerator) as crimes_of_areas,
        max(denominator) as crimes_of_borough,
        min(denominator) as least_crimes_of_borough,
        count(*) - count(value) as areas_without_share,
        sum(value) as share_of_areas
    from {{ ref('measures_crime') }}
    where measure_id = 'area_share_of_borough_crime'
    group by period_type, period_start, period_end, area_type, geography_vintage, breakdown, category
)

select * from shares
where
    crimes_of_areas <> crimes_of_borough
    or crimes_of_borough <> least_crimes_of_borough
    or (areas_without_share = 0 and abs(share_of_areas - 100) > 0.000001)
