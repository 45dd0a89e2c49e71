with

delivered as (
    select {{ staged_columns('exclusion') }}
    from {{ source('childrens_services', 'exclusion') }}
)

select * from delivered
