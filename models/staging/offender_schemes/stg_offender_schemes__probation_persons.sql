with

delivered as (
    select {{ staged_columns('probation_person') }}
    from {{ source('offender_schemes', 'probation_person') }}
)

select * from delivered
