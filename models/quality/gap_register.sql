with

received as (
    select * from {{ ref('int_deliveries__received') }}
),

gaps as (
    select * from {{ ref('stg_ledger__gaps') }}
),

found as (
    select
        source,
        source_id,
        supplier,
        field,
        label,
        kind,
        need,
        recommendations,
        ask,
        count(*) as deliveries_judged,
        count(*) filter (gap_state <> 'none') as deliveries_lacking,
        min(landed_at) filter (gap_state <> 'none') as first_seen_at,
        max(finding) filter (gap_state <> 'none') as finding,
        sum(rows_tested) as rows_tested,
        sum(rows_failing) as rows_failing,
        max(gap_id) as gap_id
    from received
    group by all
)

select
    found.source || ':' || found.field as gap_key,
    found.source,
    found.source_id,
    found.supplier,
    found.field,
    found.label,
    found.kind,
    found.need,
    found.recommendations,
    found.ask,
    cast(found.deliveries_judged as integer) as deliveries_judged,
    cast(found.deliveries_lacking as integer) as deliveries_lacking,
    found.first_seen_at,
    found.finding,
    round(100.0 * (found.rows_tested - found.rows_failing) / nullif(found.rows_tested, 0), 1)
        as completeness_pct,
    gaps.gap_id,
    gaps.owner as gap_owner,
    gaps.reason as gap_reason,
    gaps.asked_on,
    gaps.expires_on,
    cast(date_diff('day', gaps.asked_on, {{ as_of_date() }}) as integer) as gap_age_days,
    case
        when found.deliveries_lacking = 0 and gaps.gap_id is null then 'received'
        when found.deliveries_lacking = 0 then 'filled'
        when gaps.gap_id is null then 'open'
        when gaps.expires_on < {{ as_of_date() }} then 'expired'
        else 'registered'
    end as status
from found
left join gaps on found.source = gaps.source and found.field = gaps.column_name
where found.deliveries_lacking > 0 or gaps.gap_id is not null
