with

delivered as (
    select {{ staged_columns('yjs_person') }}
    from {{ source('offender_schemes', 'yjs_person') }}
)

select * from delivered
