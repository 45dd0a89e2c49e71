with

delivered as (
    select {{ staged_columns('ndtms_aggregate') }}
    from {{ source('health', 'ndtms_aggregate') }}
)

select * from delivered
