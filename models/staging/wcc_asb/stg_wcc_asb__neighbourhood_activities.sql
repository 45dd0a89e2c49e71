with

delivered as (
    select {{ staged_columns('neighbourhood_activity') }}
    from {{ source('wcc_asb', 'neighbourhood_activity') }}
)

select * from delivered
