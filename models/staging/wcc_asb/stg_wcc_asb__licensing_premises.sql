with

delivered as (
    select {{ staged_columns('licensing_premises') }}
    from {{ source('wcc_asb', 'licensing_premises') }}
)

select * from delivered
