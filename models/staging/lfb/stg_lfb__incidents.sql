with

delivered as (
    select {{ staged_columns('lfb_incident') }}
    from {{ source('lfb', 'lfb_incident') }}
)

select * from delivered
