with

delivered as (
    select {{ staged_columns('mhclg_deprivation') }}
    from {{ source('mhclg', 'mhclg_deprivation') }}
)

select * from delivered
