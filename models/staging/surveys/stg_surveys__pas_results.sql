with

delivered as (
    select {{ staged_columns('pas_result') }}
    from {{ source('surveys', 'pas_result') }}
)

select * from delivered
