with

factors as (
    select * from {{ ref('risk_factors') }}
),

boroughs as (
    select borough_code from {{ ref('dim_borough') }}
    where is_partnership
),

areas (area_code, place) as (
    select
        borough_code,
        'borough' as place
    from boroughs
    union all
    values
    ('{{ var("comparator_region_code") }}', 'london'),
    ('{{ var("comparator_country_code") }}', 'england')
),

figures as (
    select
        indicators.*,
        areas.place
    from {{ ref('fct_published_indicators') }} as indicators
    inner join areas on indicators.area_code = areas.area_code
    where indicators.breakdown = 'all' and indicators.breakdown_2 = 'all'
),

by_period as (
    select
        factors.factor_id,
        figures.period_start,
        figures.period_end,
        any_value(figures.period_name) as period_name,
        {% for place in ['borough', 'london', 'england'] %}
            max(figures.value) filter (figures.place = '{{ place }}') as {{ place }}_value,
            max(figures.ci_lower) filter (figures.place = '{{ place }}') as {{ place }}_ci_lower,
            max(figures.ci_upper) filter (figures.place = '{{ place }}') as {{ place }}_ci_upper,
        {% endfor %}
        max(figures.status) filter (figures.place = 'borough') as borough_status,
        max(figures.source_id) as source_ids,
        max(figures.data_origin) as data_origin,
        max(figures.as_at_date) as as_at_date
    from factors
    inner join figures
        on factors.source_id = figures.source_id and factors.indicator_name = figures.indicator_name
    group by factors.factor_id, figures.period_start, figures.period_end
),

-- The period before is the latest earlier one that was delivered; its name stands beside it.
followed as (
    select
        *,
        period_end = max(period_end) over (partition by factor_id) as is_latest,
        lag(borough_value) over earlier as previous_value,
        lag(borough_ci_lower) over earlier as previous_ci_lower,
        lag(borough_ci_upper) over earlier as previous_ci_upper
    from by_period
    window earlier as (partition by factor_id order by period_end)
),

-- Two figures differ where their intervals do not meet; without intervals nothing is said.
compared as (
    select
        *,
        {% for name, lower, upper in [
            ('change', 'previous_ci_lower', 'previous_ci_upper'), ('london', 'london_ci_lower', 'london_ci_upper'),
            ('england', 'england_ci_lower', 'england_ci_upper'),
        ] %}
            case
                when borough_ci_lower > {{ upper }} then 'higher'
                when borough_ci_upper < {{ lower }} then 'lower'
                when borough_ci_lower <= {{ upper }} and borough_ci_upper >= {{ lower }} then 'similar'
            end as {{ name }}_position,
        {% endfor %}
        lag(period_name) over earlier as previous_period_name
    from followed
    window earlier as (partition by factor_id order by period_end)
)

select
    {{ surrogate_key(['factors.factor_id', 'compared.period_end']) }} as risk_factor_key,
    cast(factors.factor_order as integer) as factor_order,
    factors.factor_id,
    factors.factor_name,
    factors.kind,
    factors.higher_is,
    factors.unit,
    compared.period_name,
    cast(compared.period_start as date) as period_start,
    cast(compared.period_end as date) as period_end,
    coalesce(compared.is_latest, true) as is_latest,
    cast(compared.borough_value as double) as value,
    cast(compared.borough_ci_lower as double) as ci_lower,
    cast(compared.borough_ci_upper as double) as ci_upper,
    cast(compared.london_value as double) as london_value,
    cast(compared.london_ci_lower as double) as london_ci_lower,
    cast(compared.london_ci_upper as double) as london_ci_upper,
    cast(compared.england_value as double) as england_value,
    cast(compared.england_ci_lower as double) as england_ci_lower,
    cast(compared.england_ci_upper as double) as england_ci_upper,
    cast(compared.previous_value as double) as previous_value,
    compared.previous_period_name,
    {% for name, column in [
        ('change', 'direction'), ('london', 'against_london'), ('england', 'against_england'),
    ] %}
        case
            when compared.{{ name }}_position = 'similar' then 'similar'
            when compared.{{ name }}_position = 'higher' then factors.higher_is
            when compared.{{ name }}_position = 'lower'
                then if(factors.higher_is = 'worse', 'better', 'worse')
        end as {{ column }},
    {% endfor %}
    case
        when compared.factor_id is null then 'not_supplied'
        when compared.borough_value is null
            then coalesce(nullif(compared.borough_status, 'ok'), 'not_supplied')
        else 'ok'
    end as status,
    case
        when compared.factor_id is null then 'Nobody delivers this factor.'
        when compared.borough_value is null then 'No figure for the borough was published.'
        when compared.london_value is null or compared.england_value is null
            then 'No figure to compare with was delivered.'
    end as status_reason,
    case when compared.factor_id is null or compared.borough_value is null then factors.ask end as ask,
    factors.supplier,
    'published_figure' as definition_id,
    compared.source_ids,
    compared.data_origin,
    compared.as_at_date
from factors
left join compared on factors.factor_id = compared.factor_id
