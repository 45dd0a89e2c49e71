with

delivered as (
    select {{ staged_columns('fingertips_indicator') }}
    from {{ source('health', 'fingertips_indicator') }}
)

select * from delivered
