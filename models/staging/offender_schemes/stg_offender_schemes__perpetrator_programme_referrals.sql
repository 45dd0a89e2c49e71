with

delivered as (
    select {{ staged_columns('perpetrator_programme_referral') }}
    from {{ source('offender_schemes', 'perpetrator_programme_referral') }}
)

select * from delivered
