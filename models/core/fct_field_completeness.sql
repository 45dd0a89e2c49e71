-- A delivery counts in a month when it speaks for some of it (decision 0005); where rows have no month,
-- when no later delivery of the same publisher and period took its place.
with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

field_months as (
    select * from {{ ref('int_deliveries__field_months') }}
),

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
    where verdict <> 'rejected'
),

profiles as (
    select * from {{ ref('stg_ledger__column_profile') }}
),

scopes as (
    select * from {{ ref('int_scopes__chosen') }}
),

chosen_months as (
    select distinct
        delivery_id,
        month
    from scopes
    where is_chosen
),

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

counted as (
    select
        field_months.*,
        deliveries.data_origin,
        deliveries.published_on,
        coalesce(profiles.is_delivered, true) as is_delivered,
        case
            when not field_months.has_period_column then 'delivery'
            when field_months.month is null then 'undated'
            else 'month'
        end as period_basis,
        case
            when not field_months.has_period_column then deliveries.period_start
            else field_months.month
        end as period_start,
        case
            when not field_months.has_period_column then deliveries.period_end
            else last_day(field_months.month)
        end as period_end
    from field_months
    inner join deliveries on field_months.delivery_id = deliveries.delivery_id
    left join profiles
        on field_months.delivery_id = profiles.delivery_id and field_months.field = profiles.column_name
    where
        case
            when field_months.month is null
                then exists (
                    select 1
                    from current_deliveries
                    where field_months.delivery_id = current_deliveries.delivery_id
                )
            else exists (
                select 1 from chosen_months
                where
                    field_months.delivery_id = chosen_months.delivery_id
                    and field_months.month = chosen_months.month
            )
        end
),

summed as (
    select
        source,
        field,
        period_basis,
        period_start,
        period_end,
        case when period_basis = 'delivery' then delivery_id end as only_delivery_id,
        max(label) as label,
        max(need) as need,
        max(recommendations) as recommendations,
        sum(rows) as rows,
        sum(rows_applicable) as rows_applicable,
        coalesce(sum(rows_applicable) filter (not is_delivered), 0) as rows_not_supplied,
        coalesce(sum(rows_blank) filter (is_delivered), 0) as rows_blank,
        sum(rows_unparseable) as rows_unparseable,
        string_agg(distinct delivery_id, ',' order by delivery_id) as delivery_ids,
        max(data_origin) as data_origin,
        max(published_on) as published_on
    from counted
    group by source, field, period_basis, period_start, period_end, only_delivery_id
)

select
    -- keys
    {{ surrogate_key([
        'summed.source', 'summed.field', 'summed.period_basis', 'summed.period_start', 'summed.only_delivery_id',
    ]) }} as field_completeness_key,
    summed.delivery_ids,
    summed.source,
    contracts.source_id,
    summed.field,
    summed.label,
    summed.need,
    summed.recommendations,

    -- when
    summed.period_basis,
    summed.period_start,
    summed.period_end,

    -- measures
    cast(summed.rows as bigint) as rows,
    cast(summed.rows_applicable as bigint) as rows_applicable,
    cast(summed.rows_not_supplied as bigint) as rows_not_supplied,
    cast(summed.rows_blank as bigint) as rows_blank,
    cast(summed.rows_unparseable as bigint) as rows_unparseable,
    100.0 * (summed.rows_applicable - summed.rows_not_supplied - summed.rows_blank)
    / nullif(summed.rows_applicable, 0) as filled_pct,
    case
        when summed.rows_applicable = 0 then 'not_applicable'
        when summed.rows_not_supplied = summed.rows_applicable then 'not_supplied'
        when summed.rows_not_supplied + summed.rows_blank = summed.rows_applicable then 'not_recorded'
        when summed.rows_not_supplied + summed.rows_blank > 0 then 'partly_recorded'
        else 'complete'
    end as status,

    -- flags
    summed.data_origin,
    summed.published_on as as_at_date
from summed
left join contracts on summed.source = contracts.source
