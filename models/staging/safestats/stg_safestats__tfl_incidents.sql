with

delivered as (
    select {{ staged_columns('tfl_incident') }}
    from {{ source('safestats', 'tfl_incident') }}
)

select * from delivered
