-- A ward that a file lists under two boroughs has one row: the counts of both are its crimes.
with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

counts as (
    select * from {{ ref('int_crime_counts__screened') }}
    where fate = 'kept'
),

wards as (
    select * from {{ ref('int_geography__wards') }}
),

summed as (
    select
        source,
        area_type,
        area_code,
        geography_vintage,
        month,
        offence_code,
        published_on,
        max(area_name) as area_name,
        min(borough_code) as borough_code,
        count(distinct borough_name) as boroughs_listed,
        sum(crimes) as crimes,
        bool_and(is_complete) as is_complete_scope,
        max(data_origin) as data_origin
    from counts
    group by all
)

select
    {{ surrogate_key([
        'summed.source', 'summed.area_code', 'summed.geography_vintage', 'summed.month', 'summed.offence_code',
        'summed.published_on',
    ]) }} as count_key,
    summed.source,
    contracts.source_id,
    summed.area_type,
    summed.area_code,
    coalesce(summed.area_name, summed.area_code) as area_name,
    summed.geography_vintage,
    coalesce(wards.borough_code, summed.borough_code) as borough_code,
    summed.month as recorded_month,
    summed.offence_code,
    cast(summed.crimes as bigint) as crimes,
    cast(summed.boroughs_listed as integer) as boroughs_listed,
    summed.is_complete_scope,
    summed.data_origin,
    summed.published_on as as_at_date
from summed
left join wards on summed.area_type = 'ward' and summed.area_code = wards.ward_code
left join contracts on summed.source = contracts.source
