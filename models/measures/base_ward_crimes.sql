-- Crimes and harm of a ward by offence group. The variance is that of counts which vary as Poisson counts do:
-- the count itself, and for harm the sum of the squared weights.
with

totals as (
    select * from {{ ref('base_crime_totals') }}
    where
        area_type = 'ward'
        and borough_code = '{{ var("partnership_borough_code") }}'
        and period_type = 'review_year'
        and grouping_type = 'offence_class'
        and has_police_classes
),

offences as (
    select * from {{ ref('dim_offence') }}
    where is_notifiable
),

major_names as (
    select distinct
        major_code,
        major_name
    from offences
),

weights as (
    select
        weights.code as offence_code,
        weights.harm_days,
        weights.source_id
    from {{ ref('dim_harm_weight') }} as weights
    inner join {{ ref('dim_definition') }} as definitions
        on
            definitions.definition_id = 'crime_harm_days'
            and weights.index_version = json_extract_string(definitions.parameters, '$.index_version')
    where weights.code_type = 'offence_code' and weights.harm_days is not null
),

weighed as (
    select
        totals.*,
        offences.offence_group,
        weights.harm_days,
        weights.source_id as weight_source_id
    from totals
    inner join offences on totals.grouping_code = offences.offence_code
    left join weights on totals.grouping_code = weights.offence_code
),

by_group as (
    select
        period_start,
        period_end,
        area_code,
        offence_group,
        min(months_covered) as months_covered,
        min(months) as months,
        sum(crimes) as crimes,
        sum(crimes * harm_days) as harm_days,
        sum(crimes * harm_days * harm_days) as harm_variance,
        sum(crimes) filter (harm_days is null) as unweighed_crimes,
        any_value(source_ids) as source_ids,
        max(weight_source_id) as weight_source_id,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from weighed
    group by period_start, period_end, area_code, offence_group
),

described as (
    select
        by_group.*,
        coalesce(major_names.major_name, by_group.offence_group) as item_name,
        sum(by_group.crimes) over ward as ward_crimes,
        sum(by_group.harm_days) over ward as ward_harm_days,
        sum(by_group.harm_variance) over ward as ward_harm_variance,
        max(by_group.weight_source_id) over ward as ward_weight_source_id,
        100.0 * by_group.months_covered / by_group.months as coverage_pct,
        case when by_group.months_covered < by_group.months then 'partial_period' else 'ok' end as status,
        case
            when by_group.months_covered < by_group.months
                then by_group.months_covered || ' of ' || by_group.months || ' months were delivered.'
        end as status_reason
    from by_group
    left join major_names on by_group.offence_group = major_names.major_code
    window ward as (partition by by_group.period_start, by_group.area_code)
)

select
    'crime_by_volume' as aspect,
    period_start,
    period_end,
    area_code as ward_code,
    offence_group as item_code,
    item_name,
    cast(crimes as double) as events,
    cast(crimes as double) as amount,
    cast(crimes as double) as variance,
    cast(ward_crimes as double) as total,
    cast(ward_crimes as double) as total_variance,
    cast(0 as bigint) as unknown_count,
    coverage_pct,
    status,
    status_reason,
    'total_notifiable_offences' as definition_id,
    source_ids,
    data_origin,
    as_at_date
from described
union all by name
select
    'crime_by_harm' as aspect,
    period_start,
    period_end,
    area_code as ward_code,
    offence_group as item_code,
    item_name,
    cast(crimes as double) as events,
    coalesce(harm_days, 0) as amount,
    coalesce(harm_variance, 0) as variance,
    ward_harm_days as total,
    ward_harm_variance as total_variance,
    cast(coalesce(unweighed_crimes, 0) as bigint) as unknown_count,
    coverage_pct,
    status,
    status_reason,
    'crime_harm_days' as definition_id,
    source_ids || coalesce(',' || ward_weight_source_id, '') as source_ids,
    data_origin,
    as_at_date
from described
