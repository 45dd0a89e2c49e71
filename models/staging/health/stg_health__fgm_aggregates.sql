with

delivered as (
    select {{ staged_columns('fgm_aggregate') }}
    from {{ source('health', 'fgm_aggregate') }}
)

select * from delivered
