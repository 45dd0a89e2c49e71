with

delivered as (
    select {{ staged_columns('asb_satisfaction_answer') }}
    from {{ source('wcc_asb', 'asb_satisfaction_answer') }}
)

select * from delivered
