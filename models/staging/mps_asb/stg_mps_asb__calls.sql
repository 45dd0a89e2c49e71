with

delivered as (
    select {{ staged_columns('mps_cad_asb') }}
    from {{ source('mps_asb', 'mps_cad_asb') }}
)

select * from delivered
