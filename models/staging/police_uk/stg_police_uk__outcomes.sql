with

delivered as (
    select {{ staged_columns('police_uk_outcomes') }}
    from {{ source('police_uk', 'police_uk_outcomes') }}
)

select * from delivered
