with

delivered as (
    select {{ staged_columns('asb_case_review_complaint') }}
    from {{ source('wcc_asb', 'asb_case_review_complaint') }}
)

select * from delivered
