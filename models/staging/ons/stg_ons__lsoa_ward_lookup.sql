with

delivered as (
    select {{ staged_columns('ons_lsoa_ward_lookup') }}
    from {{ source('ons', 'ons_lsoa_ward_lookup') }}
)

select * from delivered
