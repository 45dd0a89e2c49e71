with

delivered as (
    select {{ staged_columns('cris_suspect') }}
    from {{ source('mps_cris', 'cris_suspect') }}
)

select * from delivered
