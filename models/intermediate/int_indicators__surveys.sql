-- Published results of surveys (Public Attitude, User Satisfaction, Crime Survey) as one row per figure.
-- Each is of the twelve months to the day that is named: results of successive quarters overlap and must
-- not be added up.
with

screened as (
    select * from {{ ref('int_indicators__screened') }}
    where fate = 'kept'
),

attitudes as (
    select * from {{ ref('stg_surveys__pas_results') }}
),

satisfaction as (
    select * from {{ ref('stg_surveys__uss_results') }}
),

estimates as (
    select * from {{ ref('stg_surveys__csew_estimates') }}
),

figures as (
    select
        delivery_id,
        row_number,
        question as indicator_name,
        'Adults' as population,
        lower(area_type) as area_type,
        area_name,
        'rolling_12_months' as period_type,
        period_end - interval 1 year + interval 1 day as period_start,
        period_end,
        lower(replace(breakdown, ' ', '_')) as breakdown,
        category,
        'percent' as unit,
        percent as value,
        base,
        lower_ci as ci_lower,
        upper_ci as ci_upper,
        'not_supplied' as status_of_blank
    from attitudes
    union all by name
    select
        delivery_id,
        row_number,
        measure as indicator_name,
        'Victims: ' || survey as population,
        case
            when borough is not null then 'borough'
            when unit_name = 'MPS' then 'force'
            else 'bcu'
        end as area_type,
        coalesce(borough, unit_name) as area_name,
        'rolling_12_months' as period_type,
        period_end - interval 1 year + interval 1 day as period_start,
        period_end,
        case when lower(victim_group) = 'all' then 'all' else 'victim_group' end as breakdown,
        victim_group as category,
        'percent' as unit,
        percent as value,
        base,
        'not_supplied' as status_of_blank
    from satisfaction
    union all by name
    select
        delivery_id,
        row_number,
        measure as indicator_name,
        population,
        'country' as area_type,
        'England and Wales' as area_name,
        'rolling_12_months' as period_type,
        year_ending - interval 1 year + interval 1 day as period_start,
        year_ending as period_end,
        lower(replace(breakdown, ' ', '_')) as breakdown,
        category,
        lower(unit) as unit,
        estimate as value,
        base,
        lower_ci as ci_lower,
        upper_ci as ci_upper,
        'suppressed' as status_of_blank
    from estimates
)

select
    screened.source,
    figures.*,
    screened.is_partial_scope,
    screened.published_on,
    screened.data_origin
from figures
inner join screened on figures.delivery_id = screened.delivery_id and figures.row_number = screened.row_number
