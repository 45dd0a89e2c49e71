with

delivered as (
    select {{ staged_columns('moj_reoffending') }}
    from {{ source('justice', 'moj_reoffending') }}
)

select * from delivered
