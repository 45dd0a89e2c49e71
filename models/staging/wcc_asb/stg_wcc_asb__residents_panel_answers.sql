with

delivered as (
    select {{ staged_columns('residents_panel_answer') }}
    from {{ source('wcc_asb', 'residents_panel_answer') }}
)

select * from delivered
