-- One row per LSOA and vintage with its decile of multiple deprivation (1 is the most deprived tenth).
with

deprivation as (
    select * from {{ ref('stg_mhclg__deprivation') }}
),

screened as (
    select * from {{ ref('int_keyed_rows__screened') }}
    where fate = 'kept' and source = 'mhclg_deprivation'
)

select
    deprivation.delivery_id,
    screened.vintage,
    deprivation.lsoa_code,
    deprivation.imd_decile
from deprivation
inner join screened
    on deprivation.delivery_id = screened.delivery_id and deprivation.row_number = screened.row_number
