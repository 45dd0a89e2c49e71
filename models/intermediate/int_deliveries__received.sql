-- One row per delivery and field, or source and period, that the contracts ask for: what was received, and
-- where the gap register stands. The leaf views of delivery tests and the gap register are both cut from it.
with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

requirements as (
    select * from {{ ref('int_contracts__requirements') }}
),

states as (
    select * from {{ ref('int_sources__due') }}
),

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
    where verdict <> 'rejected'
),

profiles as (
    select * from {{ ref('stg_ledger__column_profile') }}
),

gaps as (
    select * from {{ ref('stg_ledger__gaps') }}
),

-- A delivery of the same publisher and period that came later takes the place of the earlier one.
current_deliveries as (
    select *
    from deliveries
    qualify
        row_number() over (
            partition by
                source,
                coalesce(publisher, ''),
                coalesce(strftime(period_start, '%Y-%m-%d'), delivery_id),
                coalesce(strftime(period_end, '%Y-%m-%d'), '')
            order by published_on desc, delivery_id desc
        ) = 1
),

fields as (
    select
        requirements.*,
        current_deliveries.delivery_id,
        current_deliveries.file_name,
        current_deliveries.landed_at,
        current_deliveries.period_start,
        current_deliveries.period_end,
        profiles.rows_applicable as rows_tested,
        case
            when coalesce(profiles.is_delivered, false) then profiles.rows_blank
            else profiles.rows_applicable
        end as rows_failing,
        case
            when not coalesce(profiles.is_delivered, false) then 'absent'
            -- A row with a blank key is set aside: that is a fault of the row, not a gap of the field.
            when profiles.rows_applicable = 0 or requirements.need = 'key' then 'received'
            when 100.0 * profiles.rows_blank / profiles.rows_applicable > profiles.max_blank_pct then 'blank'
            else 'received'
        end as state,
        case
            when not coalesce(profiles.is_delivered, false) then 'the column is not in the file'
            when profiles.rows_applicable > 0
                then
                    round(100.0 * profiles.rows_blank / profiles.rows_applicable, 1) || '% blank, up to '
                    || profiles.max_blank_pct || '% accepted'
        end as finding
    from current_deliveries
    inner join requirements on current_deliveries.source = requirements.source and requirements.kind = 'field'
    left join profiles
        on current_deliveries.delivery_id = profiles.delivery_id and requirements.field = profiles.column_name
),

periods as (
    select
        requirements.*,
        states.last_period_end as period_end,
        states.state,
        states.rows_tested,
        states.rows_failing,
        states.finding
    from requirements
    inner join states on requirements.source = states.source
    where requirements.kind = 'period'
),

received as (
    select * from fields
    union all by name
    select * from periods
)

select
    received.source,
    contracts.source_id,
    contracts.supplier,
    contracts.origin,
    received.delivery_id,
    received.file_name,
    received.landed_at,
    received.period_start,
    received.period_end,
    received.kind,
    received.field,
    received.label,
    received.need,
    received.state,
    received.finding,
    received.rows_tested,
    received.rows_failing,
    received.recommendations,
    received.ask,
    gaps.gap_id,
    gaps.owner as gap_owner,
    gaps.reason as gap_reason,
    gaps.asked_on,
    gaps.expires_on,
    case
        when received.state = 'received' then 'none'
        when gaps.gap_id is null then 'open'
        when gaps.expires_on < {{ as_of_date() }} then 'expired'
        else 'registered'
    end as gap_state,
    date_diff('day', gaps.asked_on, {{ as_of_date() }}) as gap_age_days
from received
inner join contracts on received.source = contracts.source
left join gaps on received.source = gaps.source and received.field = gaps.column_name
