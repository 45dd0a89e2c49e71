with

delivered as (
    select {{ staged_columns('mopac_dashboard_indicator') }}
    from {{ source('mopac', 'mopac_dashboard_indicator') }}
)

select * from delivered
