-- Figures on unemployment, pupils and low income by ward as one row per figure. Households are counted
-- here; no row is a household any more, and a figure has no single delivered row.
with

screened as (
    select * from {{ ref('int_indicators__screened') }}
    where fate = 'kept'
),

claimants as (
    select * from {{ ref('stg_homelessness__dwp_claimant_counts') }}
),

pupils as (
    select * from {{ ref('stg_childrens_services__school_census_aggregates') }}
),

households as (
    select * from {{ ref('stg_homelessness__lift_households') }}
),

wards as (
    select * from {{ ref('westminster_wards') }}
),

pupil_counts as (
    select
        *,
        unnest([
            {
                'indicator_name': 'Pupils on roll', 'unit': 'persons', 'value': 1.0 * pupil_count,
                'numerator': pupil_count, 'denominator': null
            },
            {
                'indicator_name': 'Pupils eligible for free school meals', 'unit': 'percent',
                'value': 100.0 * free_meals_count / nullif(pupil_count, 0),
                'numerator': free_meals_count, 'denominator': pupil_count
            },
            {
                'indicator_name': 'Pupils with support for special educational needs', 'unit': 'percent',
                'value': 100.0 * sen_support_count / nullif(pupil_count, 0),
                'numerator': sen_support_count, 'denominator': pupil_count
            },
            {
                'indicator_name': 'Pupils with an education, health and care plan', 'unit': 'percent',
                'value': 100.0 * sen_plan_count / nullif(pupil_count, 0),
                'numerator': sen_plan_count, 'denominator': pupil_count
            }
        ]) as figure
    from pupils
),

pupil_figures as (
    select
        pupil_counts.*,
        figure.*
    from pupil_counts
),

placed_households as (
    select
        households.delivery_id,
        households.snapshot_date,
        households.status,
        households.children,
        coalesce(wards.ward_name, 'Unknown') as ward_name,
        wards.ward_code,
        screened.source,
        screened.is_partial_scope,
        screened.published_on,
        screened.data_origin
    from households
    inner join screened
        on households.delivery_id = screened.delivery_id and households.row_number = screened.row_number
    left join wards on households.ward_code = wards.ward_code
),

household_counts as (
    select
        source,
        delivery_id,
        snapshot_date,
        ward_code,
        ward_name,
        status,
        is_partial_scope,
        published_on,
        data_origin,
        unnest([
            { 'indicator_name': 'Low income households', 'unit': 'households', 'value': count(*) },
            {
                'indicator_name': 'Low income households with children', 'unit': 'households',
                'value': count(*) filter (children > 0)
            },
            {
                'indicator_name': 'Children in low income households', 'unit': 'persons',
                'value': coalesce(sum(children), 0)
            }
        ]) as figure
    from placed_households
    group by
        source,
        delivery_id,
        snapshot_date,
        ward_code,
        ward_name,
        status,
        is_partial_scope,
        published_on,
        data_origin
),

household_figures as (
    select
        household_counts.*,
        figure.*
    from household_counts
),

figures as (
    select
        delivery_id,
        row_number,
        'Claimants of unemployment benefit' as indicator_name,
        'ward' as area_type,
        ward_name as area_name,
        ward_code as area_code_given,
        'calendar_month' as period_type,
        month as period_start,
        last_day(month) as period_end,
        'age' as breakdown,
        age_band as category,
        'persons' as unit,
        claimants as value,
        null as numerator,
        null as denominator,
        null as base,
        true as is_rounded,
        'not_supplied' as status_of_blank
    from claimants
    union all by name
    select
        delivery_id,
        row_number,
        indicator_name,
        case when lower(residence_area) like 'outside%' then 'outside_borough' else 'ward' end as area_type,
        residence_area as area_name,
        null as area_code_given,
        'snapshot' as period_type,
        census_date as period_start,
        census_date as period_end,
        'school_phase' as breakdown,
        phase as category,
        unit,
        value,
        numerator,
        denominator,
        denominator as base,
        false as is_rounded,
        'not_supplied' as status_of_blank
    from pupil_figures
),

kept_figures as (
    select
        screened.source,
        figures.*,
        screened.is_partial_scope,
        screened.published_on,
        screened.data_origin
    from figures
    inner join
        screened
        on figures.delivery_id = screened.delivery_id and figures.row_number = screened.row_number
)

select * from kept_figures
union all by name
select
    source,
    delivery_id,
    null as row_number,
    indicator_name,
    'ward' as area_type,
    ward_name as area_name,
    ward_code as area_code_given,
    'snapshot' as period_type,
    snapshot_date as period_start,
    snapshot_date as period_end,
    'financial_status' as breakdown,
    coalesce(status, 'Not recorded') as category,
    unit,
    value,
    null as numerator,
    null as denominator,
    null as base,
    false as is_rounded,
    'not_supplied' as status_of_blank,
    is_partial_scope,
    published_on,
    data_origin
from household_figures
