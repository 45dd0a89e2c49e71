-- One row per LSOA, vintage, year, sex and age band with its residents: the latest delivery of each year.
with

populations as (
    select * from {{ ref('stg_ons__populations') }}
),

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
    where verdict <> 'rejected'
),

dated as (
    select
        populations.*,
        case
            when deliveries.labels['lsoa_code'][1] like '%21%' then '2021'
            else '2011'
        end as vintage,
        year(deliveries.period_start) as population_year,
        deliveries.published_on,
        deliveries.data_origin
    from populations
    inner join deliveries on populations.delivery_id = deliveries.delivery_id
    where populations.persons is not null
)

select
    vintage,
    lsoa_code,
    borough_code,
    population_year,
    sex,
    age_band,
    persons,
    published_on,
    data_origin
from dated
qualify
    row_number() over (
        partition by vintage, lsoa_code, population_year, sex, age_band
        order by published_on desc, delivery_id desc, row_number desc
    ) = 1
