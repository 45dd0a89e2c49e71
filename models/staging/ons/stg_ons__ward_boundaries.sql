with

delivered as (
    select {{ staged_columns('ons_ward_boundary') }}
    from {{ source('ons', 'ons_ward_boundary') }}
)

select * from delivered
