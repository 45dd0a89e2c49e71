with

delivered as (
    select {{ staged_columns('ho_outcomes') }}
    from {{ source('home_office', 'ho_outcomes') }}
)

select * from delivered
