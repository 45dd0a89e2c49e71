with

delivered as (
    select {{ staged_columns('ecins_subject') }}
    from {{ source('wcc_asb', 'ecins_subject') }}
)

select * from delivered
