with

delivered as (
    select {{ staged_columns('marac_case') }}
    from {{ source('domestic_abuse', 'marac_case') }}
)

select * from delivered
