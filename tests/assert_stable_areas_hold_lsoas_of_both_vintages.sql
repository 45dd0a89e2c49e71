with

stable_areas as (
    select
        stable_area_code,
        count(distinct geography_vintage) as vintages,
        count(distinct borough_code) as boroughs
    from {{ ref('dim_lsoa') }}
    group by stable_area_code
)

select * from stable_areas
where vintages <> 2
