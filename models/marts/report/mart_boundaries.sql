with

boroughs as (
    select * from {{ ref('dim_borough') }}
    where is_partnership
),

wards as (
    select * from {{ ref('dim_ward') }}
),

lsoas as (
    select * from {{ ref('dim_lsoa') }}
),

areas as (
    select
        'ward' as area_type,
        wards.ward_code as area_code,
        wards.ward_name as area_name,
        '2022' as geography_vintage,
        wards.borough_code,
        wards.geometry_geojson
    from wards
    union all
    select
        'lsoa' as area_type,
        lsoas.lsoa_code as area_code,
        lsoas.lsoa_name as area_name,
        lsoas.geography_vintage,
        lsoas.borough_code,
        lsoas.geometry_geojson
    from lsoas
)

select
    {{ surrogate_key(['areas.area_type', 'areas.geography_vintage', 'areas.area_code']) }} as boundary_key,
    areas.area_type,
    areas.area_code,
    areas.area_name,
    areas.geography_vintage,
    areas.borough_code,
    boroughs.borough_name,
    areas.geometry_geojson
from areas
inner join boroughs on areas.borough_code = boroughs.borough_code
where areas.geometry_geojson is not null
