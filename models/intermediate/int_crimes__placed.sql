-- Kept crimes with their area codes: by the map point where boundaries were delivered, else by the LSOA code
-- that the publisher gave, which may be of either vintage.
with

crimes as (
    select * from {{ ref('int_crimes__screened') }}
    where fate = 'kept'
),

points as (
    select * from {{ ref('int_places__points') }}
),

lsoas as (
    select * from {{ ref('int_geography__lsoas') }}
)

select
    crimes.*,
    coalesce(points.lsoa_2011_code, as_2011.lsoa_code) as lsoa_2011_code,
    coalesce(points.lsoa_2021_code, as_2021.lsoa_code) as lsoa_2021_code,
    coalesce(points.ward_code, as_2021.ward_code, as_2011.ward_code) as ward_code,
    coalesce(as_2021.borough_code, as_2011.borough_code) as borough_code,
    coalesce(as_2021.stable_area_code, as_2011.stable_area_code) as stable_area_code,
    regexp_extract(crimes.lsoa_name, '^(.*) \d{3}[A-Z]$', 1) as borough_name_given
from crimes
left join points on crimes.longitude = points.longitude and crimes.latitude = points.latitude
left join lsoas as as_2011
    on as_2011.vintage = '2011' and coalesce(points.lsoa_2011_code, crimes.lsoa_code) = as_2011.lsoa_code
left join lsoas as as_2021
    on as_2021.vintage = '2021' and coalesce(points.lsoa_2021_code, crimes.lsoa_code) = as_2021.lsoa_code
