with

delivered as (
    select {{ staged_columns('yjs_offence') }}
    from {{ source('offender_schemes', 'yjs_offence') }}
)

select * from delivered
