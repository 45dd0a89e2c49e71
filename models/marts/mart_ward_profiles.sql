with

others as (
    select * from {{ ref('base_ward_issues') }}
    union all by name
    select * from {{ ref('base_ward_problem_solving') }}
),

cells as (
    select
        *,
        'crimes' as base,
        true as is_part_of_total,
        cast(null as double) as stated_ci_lower,
        cast(null as double) as stated_ci_upper
    from {{ ref('base_ward_crimes') }}
    union all by name
    -- Residents and all crimes of a ward are taken as they are: only what is counted varies.
    select
        * exclude (ci_lower, ci_upper),
        amount as events,
        amount as variance,
        cast(0 as double) as total_variance,
        false as is_part_of_total,
        ci_lower as stated_ci_lower,
        ci_upper as stated_ci_upper
    from others
),

wards as (
    select * from {{ ref('dim_ward') }}
),

-- Once against the whole borough, once against the wards outside the West End.
bases (reference, has_west_end) as (
    values ('borough', true), ('outside_west_end', false)
),

rules as (
    select
        cast(json_extract_string(parameters, '$.flag_if_interval_above') as double) as flag_above,
        cast(json_extract_string(parameters, '$.minimum_count') as double) as minimum_count
    from {{ ref('dim_definition') }}
    where definition_id = 'location_quotient'
),

judged_cells as (
    select
        * replace (
            case
                when status in ('ok', 'partial_period') and base <> 'residents' and total < 20 then 'low_base'
                else status
            end as status,
            case
                when status in ('ok', 'partial_period') and base <> 'residents' and total < 20
                    then 'The base is under 20; a percentage of so few would mislead.'
                else status_reason
            end as status_reason
        )
    from cells
),

placed as (
    select
        cells.*,
        wards.ward_name,
        wards.is_west_end,
        cells.status in ('ok', 'partial_period') as has_value
    from judged_cells as cells
    inner join wards on cells.ward_code = wards.ward_code
),

sums as (
    select
        placed.aspect,
        placed.period_start,
        placed.item_code,
        bases.reference,
        sum(placed.amount) as base_amount,
        sum(placed.variance) as base_variance,
        sum(placed.total) as base_total,
        sum(placed.total_variance) as base_total_variance,
        bool_and(placed.has_value) as is_comparable
    from placed
    inner join bases on bases.has_west_end or not placed.is_west_end
    group by placed.aspect, placed.period_start, placed.item_code, bases.reference
),

compared as (
    select
        placed.aspect,
        placed.period_start,
        placed.item_code,
        placed.ward_code,
        sums.reference,
        sums.base_amount,
        sums.base_total,
        placed.amount,
        placed.variance,
        sums.is_comparable,
        cast(placed.is_part_of_total as integer) as part,
        cast(bases.has_west_end or not placed.is_west_end as integer) as inside,
        placed.amount / nullif(placed.total, 0) / nullif(sums.base_amount / nullif(sums.base_total, 0), 0)
            as location_quotient,
        placed.total,
        placed.total_variance,
        sums.base_variance,
        sums.base_total_variance
    from placed
    inner join sums
        on
            placed.aspect = sums.aspect
            and placed.period_start = sums.period_start
            and placed.item_code = sums.item_code
    inner join bases on sums.reference = bases.reference
    where placed.aspect in ('crime_by_volume', 'crime_by_harm', 'issue')
),

judged as (
    select
        *,
        location_quotient * exp(-1.959964 * {{ quotient_log_error() }}) as lower_bound,
        location_quotient * exp(1.959964 * {{ quotient_log_error() }}) as upper_bound
    from compared
    where is_comparable and base_amount > 0
),

quotients as (
    select
        aspect,
        period_start,
        item_code,
        {% for reference, suffix in [('borough', ''), ('outside_west_end', '_without_west_end')] %}
            max(location_quotient) filter (reference = '{{ reference }}') as location_quotient{{ suffix }},
            max(lower_bound) filter (reference = '{{ reference }}') as quotient_ci_lower{{ suffix }},
            max(upper_bound) filter (reference = '{{ reference }}') as quotient_ci_upper{{ suffix }},
        {% endfor %}
        ward_code
    from judged
    group by aspect, period_start, item_code, ward_code
),

valued as (
    select
        placed.*,
        case when placed.base = 'residents' then 'per_1000_residents' else 'percent' end as unit,
        case
            when not placed.has_value then null
            when placed.base = 'residents' then 1000.0 * placed.amount / placed.total
            else 100.0 * placed.amount / nullif(placed.total, 0)
        end as value
    from placed
)

select
    {{ surrogate_key(['valued.period_start', 'valued.ward_code', 'valued.aspect', 'valued.item_code']) }}
        as profile_key,
    valued.period_start,
    valued.period_end,
    valued.ward_code,
    valued.ward_name,
    valued.is_west_end,
    valued.aspect,
    valued.item_code,
    valued.item_name,
    valued.unit,
    cast(valued.value as double) as value,
    cast(valued.amount as double) as numerator,
    cast(valued.total as double) as denominator,
    cast(valued.unknown_count as bigint) as unknown_count,
    case
        when valued.stated_ci_lower is not null then valued.stated_ci_lower
        when valued.value is null then null
        when valued.aspect = 'crime_by_volume' or valued.unit = 'percent' and valued.aspect = 'issue'
            then 100 * {{ wilson_bound('valued.amount', 'valued.total', '-') }}
        when valued.unit = 'per_1000_residents' and valued.amount > 0
            then {{ byar_bound('valued.amount', '-') }} * 1000 / valued.total
    end as ci_lower,
    case
        when valued.stated_ci_upper is not null then valued.stated_ci_upper
        when valued.value is null then null
        when valued.aspect = 'crime_by_volume' or valued.unit = 'percent' and valued.aspect = 'issue'
            then 100 * {{ wilson_bound('valued.amount', 'valued.total', '+') }}
        when valued.unit = 'per_1000_residents' and valued.amount > 0
            then {{ byar_bound('valued.amount', '+') }} * 1000 / valued.total
    end as ci_upper,
    cast(
        case
            when valued.value is not null
                then rank() over (
                    partition by valued.period_start, valued.ward_code, valued.aspect
                    order by
                        if(valued.aspect = 'issue', quotients.location_quotient, valued.value) desc nulls last
                )
        end as integer
    ) as place_in_ward,
    {% for suffix in ['', '_without_west_end'] %}
        quotients.location_quotient{{ suffix }},
        quotients.quotient_ci_lower{{ suffix }},
        quotients.quotient_ci_upper{{ suffix }},
        case
            when quotients.location_quotient{{ suffix }} is not null
                then
                    coalesce(quotients.quotient_ci_lower{{ suffix }} > rules.flag_above, false)
                    and valued.events >= rules.minimum_count
        end as is_over_represented{{ suffix }},
    {% endfor %}
    valued.coverage_pct,
    valued.status,
    case
        when valued.has_value and valued.base = 'residents' and valued.is_west_end
            then
                concat_ws(
                    ' ', valued.status_reason,
                    'Residents are the wrong base here: visitors and workers far outnumber them.'
                )
        else valued.status_reason
    end as status_reason,
    valued.definition_id,
    array_to_string(list_sort(string_split(valued.source_ids, ',')), ',') as source_ids,
    valued.data_origin,
    valued.as_at_date
from valued
cross join rules
left join quotients
    on
        valued.aspect = quotients.aspect
        and valued.period_start = quotients.period_start
        and valued.item_code = quotients.item_code
        and valued.ward_code = quotients.ward_code
