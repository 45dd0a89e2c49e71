with

delivered as (
    select {{ staged_columns('starting_over_client') }}
    from {{ source('offender_schemes', 'starting_over_client') }}
)

select * from delivered
