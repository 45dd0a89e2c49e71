with

delivered as (
    select {{ staged_columns('asb_case_review') }}
    from {{ source('wcc_asb', 'asb_case_review') }}
)

select * from delivered
