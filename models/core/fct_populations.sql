with

populations as (
    select * from {{ ref('int_populations__latest') }}
)

select
    {{ surrogate_key(['vintage', 'lsoa_code', 'population_year', 'sex', 'age_band']) }} as population_key,
    delivery_id,
    'lsoa' as area_type,
    lsoa_code as area_code,
    vintage as geography_vintage,
    borough_code,
    cast(population_year as integer) as population_year,
    'resident' as population_base,
    sex,
    age_band,
    persons,
    data_origin,
    published_on as as_at_date
from populations
