with

delivered as (
    select {{ staged_columns('safeguarding_concern') }}
    from {{ source('domestic_abuse', 'safeguarding_concern') }}
)

select * from delivered
