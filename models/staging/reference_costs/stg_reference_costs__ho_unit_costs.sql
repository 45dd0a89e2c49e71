with

delivered as (
    select {{ staged_columns('ho_unit_cost') }}
    from {{ source('reference_costs', 'ho_unit_cost') }}
)

select * from delivered
