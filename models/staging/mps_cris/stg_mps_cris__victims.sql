with

delivered as (
    select {{ staged_columns('cris_victim') }}
    from {{ source('mps_cris', 'cris_victim') }}
)

select * from delivered
