-- One row per area with an outline: the latest delivered of each kind and code.
with

lsoas_2011 as (
    select * from {{ ref('stg_ons__lsoa_2011_boundaries') }}
),

lsoas_2021 as (
    select * from {{ ref('stg_ons__lsoa_2021_boundaries') }}
),

wards as (
    select * from {{ ref('stg_ons__ward_boundaries') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

outlines as (
    select
        delivery_id,
        row_number,
        'lsoa' as area_type,
        '2011' as geography_vintage,
        lsoa_code as area_code,
        geometry
    from lsoas_2011
    union all
    select
        delivery_id,
        row_number,
        'lsoa' as area_type,
        '2021' as geography_vintage,
        lsoa_code as area_code,
        geometry
    from lsoas_2021
    union all
    select
        delivery_id,
        row_number,
        'ward' as area_type,
        '2022' as geography_vintage,
        ward_code as area_code,
        geometry
    from wards
),

latest as (
    select outlines.*
    from outlines
    inner join deliveries on outlines.delivery_id = deliveries.delivery_id
    qualify
        row_number() over (
            partition by outlines.area_type, outlines.geography_vintage, outlines.area_code
            order by deliveries.published_on desc, deliveries.delivery_id desc, outlines.row_number asc
        ) = 1
)

select
    area_type,
    geography_vintage,
    area_code,
    geometry as geometry_geojson,
    st_geomfromgeojson(geometry) as outline
from latest
