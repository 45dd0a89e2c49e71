with

delivered as (
    select {{ staged_columns('chain_person') }}
    from {{ source('homelessness', 'chain_person') }}
)

select * from delivered
