-- One row per ward code with its name and borough: from the latest lookup, else from the partnership's own
-- reference, else from the count files, where a pseudo-borough never decides.
with

lookup as (
    select * from {{ ref('stg_ons__lsoa_ward_lookup') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

own as (
    select * from {{ ref('westminster_wards') }}
),

counts as (
    select * from {{ ref('int_crime_counts__screened') }}
    where area_type = 'ward' and fate = 'kept'
),

named as (
    select
        lookup.ward_code,
        lookup.ward_name,
        lookup.borough_code,
        1 as preference,
        deliveries.published_on
    from lookup
    inner join deliveries on lookup.delivery_id = deliveries.delivery_id
    union all
    select
        ward_code,
        ward_name,
        '{{ var("partnership_borough_code") }}' as borough_code,
        2 as preference,
        valid_from as published_on
    from own
    union all
    select distinct
        area_code as ward_code,
        area_name as ward_name,
        borough_code,
        case when borough_code is null then 4 else 3 end as preference,
        published_on
    from counts
)

select
    ward_code,
    ward_name,
    borough_code
from named
qualify
    row_number() over (
        partition by ward_code
        order by preference asc, published_on desc, borough_code asc nulls last, ward_name asc
    ) = 1
