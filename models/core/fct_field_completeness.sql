-- The gate counted the blanks of each file; here the deliveries are chosen. A delivery counts in a month when
-- it speaks for some of it (decision 0005); where rows have no month, when no later delivery of the same
-- publisher and period took its place.
with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

requirements as (
    select * from {{ ref('int_contracts__requirements') }}
    where kind = 'field'
),

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
    where verdict <> 'rejected'
),

profiles as (
    select * from {{ ref('stg_ledger__column_profile') }}
),

field_months as (
    select * from {{ ref('int_fields__by_month') }}
),

scopes as (
    select * from {{ ref('int_scopes__chosen') }}
),

-- Of rows whose month is that of the crime the later delivery speaks.
chosen_months as (
    select distinct
        delivery_id,
        month
    from scopes
    where is_chosen
    union all
    select
        months.delivery_id,
        months.month
    from (
        select distinct
            delivery_id,
            source,
            month
        from field_months
    ) as months
    inner join deliveries on months.delivery_id = deliveries.delivery_id
    anti join scopes on months.source = scopes.source
    qualify
        row_number() over (
            partition by months.source, months.month
            order by deliveries.published_on desc, months.delivery_id desc
        ) = 1
),

undated_deliveries as (
    select deliveries.*
    from deliveries
    anti join field_months on deliveries.delivery_id = field_months.delivery_id
    qualify
        row_number() over (
            partition by
                deliveries.source,
                coalesce(deliveries.publisher, ''),
                coalesce(strftime(deliveries.period_start, '%Y-%m-%d'), deliveries.delivery_id),
                coalesce(strftime(deliveries.period_end, '%Y-%m-%d'), '')
            order by deliveries.published_on desc, deliveries.delivery_id desc
        ) = 1
),

counted as (
    select
        field_months.delivery_id,
        field_months.column_name,
        'month' as period_basis,
        field_months.month as period_start,
        last_day(field_months.month) as period_end,
        field_months.rows_applicable,
        field_months.rows_blank
    from field_months
    semi join chosen_months
        on field_months.delivery_id = chosen_months.delivery_id and field_months.month = chosen_months.month
    union all
    select
        profiles.delivery_id,
        profiles.column_name,
        'delivery' as period_basis,
        undated_deliveries.period_start,
        undated_deliveries.period_end,
        profiles.rows_applicable,
        profiles.rows_blank
    from profiles
    inner join undated_deliveries on profiles.delivery_id = undated_deliveries.delivery_id
),

summed as (
    select
        deliveries.source,
        counted.column_name as field,
        counted.period_basis,
        counted.period_start,
        counted.period_end,
        case when counted.period_basis = 'delivery' then counted.delivery_id end as only_delivery_id,
        max(profiles.label) as label,
        sum(counted.rows_applicable) as rows_applicable,
        coalesce(sum(counted.rows_applicable) filter (not profiles.is_delivered), 0) as rows_not_supplied,
        coalesce(sum(counted.rows_blank) filter (profiles.is_delivered), 0) as rows_blank,
        string_agg(distinct counted.delivery_id, ',' order by counted.delivery_id) as delivery_ids,
        max(deliveries.data_origin) as data_origin,
        max(deliveries.published_on) as published_on
    from counted
    inner join deliveries on counted.delivery_id = deliveries.delivery_id
    inner join profiles
        on counted.delivery_id = profiles.delivery_id and counted.column_name = profiles.column_name
    group by all
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
    requirements.need,
    requirements.recommendations,

    -- when
    summed.period_basis,
    summed.period_start,
    summed.period_end,

    -- measures
    cast(summed.rows_applicable as bigint) as rows_applicable,
    cast(summed.rows_not_supplied as bigint) as rows_not_supplied,
    cast(summed.rows_blank as bigint) as rows_blank,
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
inner join requirements on summed.source = requirements.source and summed.field = requirements.field
left join contracts on summed.source = contracts.source
