with

delivered as (
    select {{ staged_columns('ho_recorded_crime') }}
    from {{ source('home_office', 'ho_recorded_crime') }}
)

select * from delivered
