with

delivered as (
    select {{ staged_columns('cchi_weight') }}
    from {{ source('reference_costs', 'cchi_weight') }}
)

select * from delivered
