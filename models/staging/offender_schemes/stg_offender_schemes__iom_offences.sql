with

delivered as (
    select {{ staged_columns('iom_offence') }}
    from {{ source('offender_schemes', 'iom_offence') }}
)

select * from delivered
