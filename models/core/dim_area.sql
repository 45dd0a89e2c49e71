-- One row per area that a measure can be given for: borough, force, ward, LSOA, stable area.
with

boroughs as (
    select * from {{ ref('dim_borough') }}
),

wards as (
    select * from {{ ref('dim_ward') }}
),

lsoas as (
    select * from {{ ref('dim_lsoa') }}
),

stable_areas as (
    select
        stable_area_code,
        min(borough_code) as borough_code,
        min(ward_code) as ward_code,
        string_agg(distinct lsoa_name, ', ' order by lsoa_name) as area_name
    from lsoas
    group by stable_area_code
),

areas as (
    select
        'borough' as area_type,
        borough_code as area_code,
        '2009' as geography_vintage,
        borough_name as area_name,
        borough_code
    from boroughs
    union all
    select
        'force' as area_type,
        'metropolitan' as area_code,
        '2009' as geography_vintage,
        'Metropolitan Police Service' as area_name,
        cast(null as varchar) as borough_code
    union all
    select
        'ward' as area_type,
        ward_code as area_code,
        '2022' as geography_vintage,
        ward_name as area_name,
        borough_code
    from wards
    union all
    select
        'lsoa' as area_type,
        lsoa_code as area_code,
        geography_vintage,
        lsoa_name as area_name,
        borough_code
    from lsoas
    union all
    select
        'stable_area' as area_type,
        stable_area_code as area_code,
        'stable' as geography_vintage,
        area_name,
        borough_code
    from stable_areas
)

select
    area_type || ':' || geography_vintage || ':' || area_code as area_key,
    area_type,
    area_code,
    geography_vintage,
    area_name,
    borough_code,
    coalesce(borough_code = '{{ var("partnership_borough_code") }}', false) as is_partnership
from areas
