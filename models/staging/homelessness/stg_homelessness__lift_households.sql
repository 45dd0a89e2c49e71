with

delivered as (
    select {{ staged_columns('lift_household') }}
    from {{ source('homelessness', 'lift_household') }}
)

select * from delivered
