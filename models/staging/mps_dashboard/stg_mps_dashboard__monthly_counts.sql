with

delivered as (
    select {{ staged_columns('mps_dashboard_monthly') }}
    from {{ source('mps_dashboard', 'mps_dashboard_monthly') }}
)

select * from delivered
