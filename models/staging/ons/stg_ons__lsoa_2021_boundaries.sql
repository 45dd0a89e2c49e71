with

delivered as (
    select {{ staged_columns('ons_lsoa_2021_boundary') }}
    from {{ source('ons', 'ons_lsoa_2021_boundary') }}
)

select * from delivered
