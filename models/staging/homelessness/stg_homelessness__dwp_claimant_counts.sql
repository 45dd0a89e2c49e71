with

delivered as (
    select {{ staged_columns('dwp_claimant_count') }}
    from {{ source('homelessness', 'dwp_claimant_count') }}
)

select * from delivered
