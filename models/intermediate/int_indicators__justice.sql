-- Published figures of the Ministry of Justice and of the mayor's office as one row per figure.
{%- set services = {
    'referrals': 'victims referred', 'contacted': 'victims reached', 'took_up': 'victims who took up support',
    'needs_assessed': 'victims whose needs were assessed', 'needs_met': 'victims whose needs were met',
    'male_survivors_referred': 'male survivors referred', 'feedback_received': 'victims who gave feedback',
    'feedback_satisfied': 'victims satisfied',
} %}
with

screened as (
    select * from {{ ref('int_indicators__screened') }}
    where fate = 'kept'
),

reoffending as (
    select * from {{ ref('stg_justice__moj_reoffending') }}
),

dashboards as (
    select * from {{ ref('stg_mopac__dashboard_indicators') }}
),

victim_services as (
    select * from {{ ref('stg_mopac__victim_services') }}
),

-- A rate is of the published counts; what is printed is the same rounded. A small count is an asterisk.
cohorts as (
    select
        *,
        unnest([
            {
                'indicator_name': 'Proven reoffending rate', 'unit': 'percent',
                'value': coalesce(100.0 * reoffenders / nullif(offenders, 0), reoffending_rate),
                'numerator': reoffenders, 'denominator': offenders
            },
            {
                'indicator_name': 'Reoffences per reoffender', 'unit': 'ratio',
                'value': 1.0 * reoffences / nullif(reoffenders, 0),
                'numerator': reoffences, 'denominator': reoffenders
            },
            {
                'indicator_name': 'Previous offences per offender', 'unit': 'ratio',
                'value': 1.0 * previous_offences / nullif(offenders, 0),
                'numerator': previous_offences, 'denominator': offenders
            },
            {
                'indicator_name': 'Offenders in the cohort', 'unit': 'persons',
                'value': 1.0 * offenders, 'numerator': offenders, 'denominator': null
            }
        ]) as figure
    from reoffending
),

cohort_figures as (
    select
        cohorts.*,
        figure.*
    from cohorts
),

services_long as (
    {% for column, words in services.items() %}
        select
            delivery_id,
            row_number,
            service || ': {{ words }}' as indicator_name,
            borough,
            quarter_end,
            {{ column }} as value,
            {{ 'needs_assessed' if column == 'needs_met' else 'feedback_received'
                if column == 'feedback_satisfied' else 'null' }} as denominator
        from victim_services
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

figures as (
    select
        delivery_id,
        row_number,
        indicator_name,
        'Offenders released, convicted or cautioned' as population,
        case when area_code like 'E12%' then 'region' else 'borough' end as area_type,
        area_name,
        area_code as area_code_given,
        'cohort_year' as period_type,
        cohort_end - interval 1 year + interval 1 day as period_start,
        cohort_end as period_end,
        lower(replace(characteristic_type, ' ', '_')) as breakdown,
        characteristic as category,
        unit,
        value,
        numerator,
        denominator,
        denominator as base,
        'suppressed' as status_of_blank
    from cohort_figures
    union all by name
    select
        delivery_id,
        row_number,
        indicator as indicator_name,
        case
            when ward_code is not null then 'ward'
            when lower(area_type) = 'london' then 'region'
            when lower(area_type) = 'command unit' then 'bcu'
            else lower(area_type)
        end as area_type,
        area_name,
        ward_code as area_code_given,
        'quarter' as period_type,
        date_trunc('quarter', quarter_end) as period_start,
        quarter_end as period_end,
        lower(unit) as unit,
        value,
        target,
        base,
        'not_supplied' as status_of_blank
    from dashboards
    union all by name
    select
        delivery_id,
        row_number,
        indicator_name,
        'borough' as area_type,
        borough as area_name,
        'quarter' as period_type,
        date_trunc('quarter', quarter_end) as period_start,
        quarter_end as period_end,
        'persons' as unit,
        value,
        value as numerator,
        denominator,
        'not_supplied' as status_of_blank
    from services_long
)

select
    screened.source,
    figures.*,
    screened.is_partial_scope,
    screened.published_on,
    screened.data_origin
from figures
inner join screened on figures.delivery_id = screened.delivery_id and figures.row_number = screened.row_number
