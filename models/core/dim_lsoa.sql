with

lsoas as (
    select * from {{ ref('int_geography__lsoas') }}
),

boundaries as (
    select * from {{ ref('int_geography__boundaries') }}
    where area_type = 'lsoa'
),

deprivation as (
    select * from {{ ref('int_deprivation__latest') }}
)

select
    lsoas.vintage || '-' || lsoas.lsoa_code as lsoa_key,
    lsoas.lsoa_code,
    lsoas.vintage as geography_vintage,
    lsoas.lsoa_name,
    lsoas.borough_code,
    lsoas.ward_code,
    lsoas.stable_area_code,
    lsoas.change_indicator,
    deprivation.imd_decile,
    boundaries.geometry_geojson
from lsoas
left join boundaries
    on lsoas.vintage = boundaries.geography_vintage and lsoas.lsoa_code = boundaries.area_code
left join deprivation on lsoas.vintage = deprivation.vintage and lsoas.lsoa_code = deprivation.lsoa_code
