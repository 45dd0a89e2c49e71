with

delivered as (
    select {{ staged_columns('iom_cohort') }}
    from {{ source('offender_schemes', 'iom_cohort') }}
)

select * from delivered
