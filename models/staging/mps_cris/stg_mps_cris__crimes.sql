with

delivered as (
    select {{ staged_columns('cris_crime') }}
    from {{ source('mps_cris', 'cris_crime') }}
)

select * from delivered
