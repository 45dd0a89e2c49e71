-- One row per LSOA of 2011 with its decile of multiple deprivation (1 is the most deprived tenth).
with

deprivation as (
    select * from {{ ref('stg_mhclg__deprivation') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
)

select
    case
        when deliveries.labels['lsoa_code'][1] like '%2021%' then '2021'
        else '2011'
    end as vintage,
    deprivation.lsoa_code,
    deprivation.imd_decile
from deprivation
inner join deliveries on deprivation.delivery_id = deliveries.delivery_id
qualify
    row_number() over (
        partition by deprivation.lsoa_code order by deliveries.published_on desc, deliveries.delivery_id desc
    ) = 1
