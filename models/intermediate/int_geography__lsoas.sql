-- One row per LSOA and vintage: its borough, stable area, and the ward that fits it best. An LSOA of 2011 has
-- a ward only when every LSOA of 2021 that it continues in lies in that one.
with

pairs as (
    select * from {{ ref('int_geography__lsoa_pairs') }}
),

stable_areas as (
    select * from {{ ref('int_geography__stable_areas') }}
),

ward_lookup as (
    select * from {{ ref('stg_ons__lsoa_ward_lookup') }}
),

screened as (
    select * from {{ ref('int_keyed_rows__screened') }}
    where fate = 'kept' and source = 'ons_lsoa_ward_lookup'
),

own as (
    select * from {{ ref('westminster_lsoas') }}
),

delivered_wards as (
    select
        ward_lookup.lsoa_2021_code,
        ward_lookup.ward_code
    from ward_lookup
    inner join screened
        on ward_lookup.delivery_id = screened.delivery_id and ward_lookup.row_number = screened.row_number
),

own_wards as (
    select distinct
        lsoa_2021_code,
        ward_code
    from own
),

wards as (
    select
        coalesce(delivered_wards.lsoa_2021_code, own_wards.lsoa_2021_code) as lsoa_2021_code,
        coalesce(delivered_wards.ward_code, own_wards.ward_code) as ward_code
    from delivered_wards
    full outer join own_wards on delivered_wards.lsoa_2021_code = own_wards.lsoa_2021_code
),

both_vintages as (
    select
        '2011' as vintage,
        pairs.lsoa_2011_code as lsoa_code,
        pairs.lsoa_2011_name as lsoa_name,
        pairs.change_indicator,
        pairs.borough_code,
        wards.ward_code
    from pairs
    left join wards on pairs.lsoa_2021_code = wards.lsoa_2021_code
    union all
    select
        '2021' as vintage,
        pairs.lsoa_2021_code as lsoa_code,
        pairs.lsoa_2021_name as lsoa_name,
        pairs.change_indicator,
        pairs.borough_code,
        wards.ward_code
    from pairs
    left join wards on pairs.lsoa_2021_code = wards.lsoa_2021_code
),

grouped as (
    select
        vintage,
        lsoa_code,
        min(lsoa_name) as lsoa_name,
        min(change_indicator) as change_indicator,
        min(borough_code) as borough_code,
        case when count(distinct ward_code) = 1 then min(ward_code) end as ward_code
    from both_vintages
    group by vintage, lsoa_code
)

select
    grouped.*,
    stable_areas.stable_area_code
from grouped
inner join stable_areas
    on grouped.vintage = stable_areas.vintage and grouped.lsoa_code = stable_areas.lsoa_code
