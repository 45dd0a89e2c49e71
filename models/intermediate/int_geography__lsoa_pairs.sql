-- One row per pair of an LSOA of 2011 and an LSOA of 2021: the latest delivered lookup, and the reference
-- codes of the partnership's own borough where no lookup covers it.
with

lookup as (
    select * from {{ ref('stg_ons__lsoa_lookup') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

own as (
    select * from {{ ref('westminster_lsoas') }}
),

latest as (
    select lookup.*
    from lookup
    inner join deliveries on lookup.delivery_id = deliveries.delivery_id
    qualify
        dense_rank() over (
            partition by lookup.borough_code
            order by deliveries.published_on desc, deliveries.delivery_id desc
        ) = 1
),

delivered as (
    select
        lsoa_2011_code,
        lsoa_2011_name,
        lsoa_2021_code,
        lsoa_2021_name,
        change_indicator,
        borough_code
    from latest
),

-- The lookup of the partnership's borough is reference data too, so that its areas are known without one.
completed as (
    select * from delivered
    union all
    select
        own.lsoa_2011_code,
        own.lsoa_2011_name,
        own.lsoa_2021_code,
        own.lsoa_2021_name,
        own.change_indicator,
        '{{ var("partnership_borough_code") }}' as borough_code
    from own
    where
        not exists (
            select 1 from delivered
            where delivered.borough_code = '{{ var("partnership_borough_code") }}'
        )
)

select * from completed
