with

delivered as (
    select {{ staged_columns('noise_complaint') }}
    from {{ source('wcc_asb', 'noise_complaint') }}
)

select * from delivered
