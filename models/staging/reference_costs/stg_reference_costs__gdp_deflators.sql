with

delivered as (
    select {{ staged_columns('gdp_deflator') }}
    from {{ source('reference_costs', 'gdp_deflator') }}
)

select * from delivered
