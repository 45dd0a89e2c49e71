with

delivered as (
    select {{ staged_columns('asb_triage_referral') }}
    from {{ source('wcc_asb', 'asb_triage_referral') }}
)

select * from delivered
