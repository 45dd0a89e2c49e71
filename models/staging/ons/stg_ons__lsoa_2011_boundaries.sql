with

delivered as (
    select {{ staged_columns('ons_lsoa_2011_boundary') }}
    from {{ source('ons', 'ons_lsoa_2011_boundary') }}
)

select * from delivered
