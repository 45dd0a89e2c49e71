with

delivered as (
    select {{ staged_columns('uss_result') }}
    from {{ source('surveys', 'uss_result') }}
)

select * from delivered
