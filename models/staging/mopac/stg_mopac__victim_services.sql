with

delivered as (
    select {{ staged_columns('mopac_victim_services') }}
    from {{ source('mopac', 'mopac_victim_services') }}
)

select * from delivered
