with

delivered as (
    select {{ staged_columns('school_census_aggregate') }}
    from {{ source('childrens_services', 'school_census_aggregate') }}
)

select * from delivered
