-- The counts of such a ward are one row, and that row has the crimes of both listings.
with

facts as (
    select * from {{ ref('fct_recorded_crime_counts') }}
    where area_type = 'ward' and boroughs_listed > 1
),

listings as (
    select
        area_code,
        month as recorded_month,
        offence_code,
        published_on as as_at_date,
        sum(crimes) as crimes_listed
    from {{ ref('int_crime_counts__screened') }}
    where area_type = 'ward' and fate = 'kept'
    group by area_code, month, offence_code, published_on
),

rows_of_ward as (
    select
        facts.area_code,
        facts.recorded_month,
        facts.offence_code,
        facts.as_at_date,
        count(*) as fact_rows,
        sum(facts.crimes) as crimes
    from facts
    group by facts.area_code, facts.recorded_month, facts.offence_code, facts.as_at_date
),

wards as (
    select * from {{ ref('dim_ward') }}
)

select
    rows_of_ward.*,
    listings.crimes_listed,
    wards.ward_name
from rows_of_ward
left join listings
    on
        rows_of_ward.area_code = listings.area_code
        and rows_of_ward.recorded_month = listings.recorded_month
        and rows_of_ward.offence_code = listings.offence_code
        and rows_of_ward.as_at_date = listings.as_at_date
left join wards on rows_of_ward.area_code = wards.ward_code
where
    rows_of_ward.fact_rows > 1
    or rows_of_ward.crimes is distinct from listings.crimes_listed
    or wards.ward_code is null
