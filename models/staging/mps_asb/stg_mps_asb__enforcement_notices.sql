with

delivered as (
    select {{ staged_columns('asb_enforcement') }}
    from {{ source('mps_asb', 'asb_enforcement') }}
)

select * from delivered
