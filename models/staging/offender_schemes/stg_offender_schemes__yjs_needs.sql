with

delivered as (
    select {{ staged_columns('yjs_need') }}
    from {{ source('offender_schemes', 'yjs_need') }}
)

select * from delivered
