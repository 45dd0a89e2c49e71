with

delivered as (
    select {{ staged_columns('angelou_referral') }}
    from {{ source('domestic_abuse', 'angelou_referral') }}
)

select * from delivered
