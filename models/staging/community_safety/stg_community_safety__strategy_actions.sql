with

delivered as (
    select {{ staged_columns('strategy_action') }}
    from {{ source('community_safety', 'strategy_action') }}
)

select * from delivered
