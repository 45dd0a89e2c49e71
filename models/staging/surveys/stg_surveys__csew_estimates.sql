with

delivered as (
    select {{ staged_columns('csew_estimate') }}
    from {{ source('surveys', 'csew_estimate') }}
)

select * from delivered
