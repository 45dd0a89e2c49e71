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

screened as (
    select * from {{ ref('int_keyed_rows__screened') }}
    where fate = 'kept'
),

outlines as (
    select
        'ons_lsoa_2011_boundary' as source,
        delivery_id,
        row_number,
        'lsoa' as area_type,
        '2011' as geography_vintage,
        lsoa_code as area_code,
        geometry
    from lsoas_2011
    union all
    select
        'ons_lsoa_2021_boundary' as source,
        delivery_id,
        row_number,
        'lsoa' as area_type,
        '2021' as geography_vintage,
        lsoa_code as area_code,
        geometry
    from lsoas_2021
    union all
    select
        'ons_ward_boundary' as source,
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
    inner join screened
        on
            outlines.source = screened.source
            and outlines.delivery_id = screened.delivery_id
            and outlines.row_number = screened.row_number
)

select
    source,
    delivery_id,
    area_type,
    geography_vintage,
    area_code,
    geometry as geometry_geojson,
    st_geomfromgeojson(geometry) as outline
from latest
