-- One row per ward code, whatever the number of boroughs that a file lists it under.
with

lookup as (
    select * from {{ ref('int_geography__wards') }}
),

own as (
    select * from {{ ref('westminster_wards') }}
),

boundaries as (
    select * from {{ ref('int_geography__boundaries') }}
    where area_type = 'ward'
)

select
    lookup.ward_code,
    lookup.ward_name,
    lookup.borough_code,
    coalesce(own.is_west_end, false) as is_west_end,
    own.valid_from,
    boundaries.geometry_geojson
from lookup
left join own on lookup.ward_code = own.ward_code
left join boundaries on lookup.ward_code = boundaries.area_code
