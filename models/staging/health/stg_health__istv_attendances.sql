with

delivered as (
    select {{ staged_columns('istv_attendance') }}
    from {{ source('health', 'istv_attendance') }}
)

select * from delivered
