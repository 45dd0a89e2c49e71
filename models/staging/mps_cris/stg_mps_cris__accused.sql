with

delivered as (
    select {{ staged_columns('cris_accused') }}
    from {{ source('mps_cris', 'cris_accused') }}
)

select * from delivered
