with

readiness as (
    select * from {{ ref('recommendation_readiness') }}
),

gaps as (
    select * from {{ ref('gap_register') }}
)

select
    readiness.recommendation_id,
    readiness.verdict,
    gaps.gap_key
from gaps
inner join readiness on gaps.recommendations like '%' || readiness.recommendation_id || '%'
where
    gaps.status in ('open', 'expired') and readiness.verdict <> 'do_not_use'
    or gaps.status = 'registered' and readiness.verdict = 'safe_to_use'
