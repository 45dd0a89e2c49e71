with

delivered as (
    select {{ staged_columns('btp_incident') }}
    from {{ source('safestats', 'btp_incident') }}
)

select * from delivered
