with

delivered as (
    select {{ staged_columns('supporting_families_family') }}
    from {{ source('childrens_services', 'supporting_families_family') }}
)

select * from delivered
