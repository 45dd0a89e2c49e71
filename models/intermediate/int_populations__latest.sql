-- One row per LSOA, vintage, year, sex and age band with its residents: the latest delivery of each year.
with

populations as (
    select * from {{ ref('stg_ons__populations') }}
),

screened as (
    select * from {{ ref('int_keyed_rows__screened') }}
    where fate = 'kept' and source = 'ons_population'
)

select
    populations.delivery_id,
    screened.vintage,
    populations.lsoa_code,
    populations.borough_code,
    year(screened.period_start) as population_year,
    populations.sex,
    populations.age_band,
    populations.persons,
    screened.published_on,
    screened.data_origin
from populations
inner join screened
    on
        populations.delivery_id = screened.delivery_id
        and populations.row_number = screened.row_number
        and populations.sex || '|' || populations.age_band = screened.part
