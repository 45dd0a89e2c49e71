with

delivered as (
    select {{ staged_columns('rsl_asb_case') }}
    from {{ source('rsl', 'rsl_asb_case') }}
)

select * from delivered
