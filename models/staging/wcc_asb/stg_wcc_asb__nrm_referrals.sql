with

delivered as (
    select {{ staged_columns('nrm_referral') }}
    from {{ source('wcc_asb', 'nrm_referral') }}
)

select * from delivered
