with

delivered as (
    select {{ staged_columns('las_callout') }}
    from {{ source('safestats', 'las_callout') }}
)

select * from delivered
