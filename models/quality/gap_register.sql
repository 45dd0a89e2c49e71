with

received as (
    select * from {{ ref('int_deliveries__received') }}
),

gaps as (
    select * from {{ ref('stg_ledger__gaps') }}
),

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

field_months as (
    select * from {{ ref('int_fields__by_month') }}
),

-- How complete the field was in each month of the deliveries that are judged.
completeness as (
    select
        source,
        field,
        list({ 'month': month, 'completeness_pct': completeness_pct } order by month asc)
            as completeness_by_month
    from (
        select
            received.source,
            received.field,
            field_months.month,
            round(
                100.0 * (sum(field_months.rows_applicable) - sum(field_months.rows_blank))
                / nullif(sum(field_months.rows_applicable), 0),
                1
            ) as completeness_pct
        from received
        inner join field_months
            on received.delivery_id = field_months.delivery_id and received.field = field_months.column_name
        group by received.source, received.field, field_months.month
    ) as months
    group by source, field
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
    nullif(contracts.sharing_agreement, '') as agreed_under,
    cast(found.deliveries_judged as integer) as deliveries_judged,
    cast(found.deliveries_lacking as integer) as deliveries_lacking,
    found.first_seen_at,
    found.finding,
    round(100.0 * (found.rows_tested - found.rows_failing) / nullif(found.rows_tested, 0), 1)
        as completeness_pct,
    completeness.completeness_by_month,
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
left join contracts on found.source = contracts.source
left join completeness on found.source = completeness.source and found.field = completeness.field
left join gaps on found.source = gaps.source and found.field = gaps.column_name
where found.deliveries_lacking > 0 or gaps.gap_id is not null
