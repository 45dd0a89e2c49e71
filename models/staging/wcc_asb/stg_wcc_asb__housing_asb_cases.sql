with

delivered as (
    select {{ staged_columns('housing_asb_case') }}
    from {{ source('wcc_asb', 'housing_asb_case') }}
)

select * from delivered
