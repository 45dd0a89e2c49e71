with

delivered as (
    select {{ staged_columns('igxu_person') }}
    from {{ source('offender_schemes', 'igxu_person') }}
)

select * from delivered
