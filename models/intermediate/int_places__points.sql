-- One row per distinct point of crimes, stops and call-outs, placed in LSOAs of both vintages and in a ward.
-- A point on a shared edge goes to the smaller code, so that it is always the same.
with

crimes as (
    select * from {{ ref('int_crimes__screened') }}
    where fate = 'kept'
),

stops as (
    select * from {{ ref('int_stop_searches__screened') }}
    where fate = 'kept'
),

callouts as (
    select * from {{ ref('int_callouts__screened') }}
    where fate = 'kept'
),

boundaries as (
    select * from {{ ref('int_geography__boundaries') }}
),

given as (
    select
        longitude,
        latitude,
        null as easting,
        null as northing
    from crimes
    union
    select
        longitude,
        latitude,
        null as easting,
        null as northing
    from stops
    union
    select
        null as longitude,
        null as latitude,
        easting_rounded as easting,
        northing_rounded as northing
    from callouts
),

points as (
    select
        *,
        case
            when longitude is not null and latitude is not null then st_point(longitude, latitude)
            when easting is not null and northing is not null
                then st_transform(st_point(easting, northing), 'EPSG:27700', 'EPSG:4326', always_xy := true)
        end as point
    from given
),

placed as (
    select
        points.longitude,
        points.latitude,
        points.easting,
        points.northing,
        boundaries.area_type,
        boundaries.geography_vintage,
        min(boundaries.area_code) as area_code
    from points
    inner join boundaries on st_intersects(boundaries.outline, points.point)
    group by all
)

select
    longitude,
    latitude,
    easting,
    northing,
    max(case when area_type = 'lsoa' and geography_vintage = '2011' then area_code end) as lsoa_2011_code,
    max(case when area_type = 'lsoa' and geography_vintage = '2021' then area_code end) as lsoa_2021_code,
    max(case when area_type = 'ward' then area_code end) as ward_code
from placed
group by all
