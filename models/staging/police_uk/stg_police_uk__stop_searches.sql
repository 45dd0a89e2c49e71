with

delivered as (
    select {{ staged_columns('police_uk_stop_search') }}
    from {{ source('police_uk', 'police_uk_stop_search') }}
)

select * from delivered
