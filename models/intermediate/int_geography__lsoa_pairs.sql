-- One row per pair of an LSOA of 2011 and an LSOA of 2021: the latest delivered lookup, and the reference
-- codes of the partnership's own borough where no lookup covers it.
with

lookup as (
    select * from {{ ref('stg_ons__lsoa_lookup') }}
),

screened as (
    select * from {{ ref('int_keyed_rows__screened') }}
    where fate = 'kept' and source = 'ons_lsoa_lookup'
),

own as (
    select * from {{ ref('westminster_lsoas') }}
),

delivered as (
    select
        lookup.delivery_id,
        lookup.lsoa_2011_code,
        lookup.lsoa_2011_name,
        lookup.lsoa_2021_code,
        lookup.lsoa_2021_name,
        lookup.change_indicator,
        lookup.borough_code
    from lookup
    inner join screened
        on lookup.delivery_id = screened.delivery_id and lookup.row_number = screened.row_number
),

-- The lookup of the partnership's borough is reference data too, so that its areas are known without one.
completed as (
    select * from delivered
    union all
    select
        null as delivery_id,
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
