with

delivered as (
    select {{ staged_columns('police_uk_street') }}
    from {{ source('police_uk', 'police_uk_street') }}
)

select * from delivered
