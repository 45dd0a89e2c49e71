-- Tables of the Home Office (outcomes by force, recorded crime by partnership) as one row per figure.
-- Outcomes have two bases that must not be mixed: of the offences recorded in the quarter, and given in the
-- quarter whenever recorded.
with

screened as (
    select * from {{ ref('int_indicators__screened') }}
    where fate = 'kept'
),

outcomes as (
    select * from {{ ref('stg_home_office__outcomes') }}
),

crimes as (
    select * from {{ ref('stg_home_office__recorded_crimes') }}
),

-- Type 0 is "not yet assigned": nobody gave it in a quarter.
outcome_figures as (
    select
        *,
        'Outcomes of offences recorded in the quarter' as indicator_name,
        outcomes_for_offences as value
    from outcomes
    union all
    select
        *,
        'Outcomes given in the quarter' as indicator_name,
        outcomes_recorded as value
    from outcomes
    where outcome_code <> 0
),

figures as (
    select
        delivery_id,
        row_number,
        indicator_name,
        'force' as area_type,
        force_name as area_name,
        financial_year,
        financial_quarter,
        'offence' as breakdown,
        coalesce(offence_code, offence_subgroup, offence_group) as category,
        'outcome_code' as breakdown_2,
        try_cast(outcome_code as varchar) as category_2,
        'outcomes' as unit,
        value
    from outcome_figures
    union all by name
    select
        delivery_id,
        row_number,
        'Offences recorded' as indicator_name,
        'borough' as area_type,
        partnership_name as area_name,
        financial_year,
        financial_quarter,
        'offence' as breakdown,
        offence_code as category,
        'offences' as unit,
        offences as value
    from crimes
),

dated as (
    select
        * exclude (financial_year, financial_quarter),
        'quarter' as period_type,
        financial_year || ' Q' || financial_quarter as period_name,
        make_date(try_cast(regexp_extract(financial_year, '^(\d{4})', 1) as integer), 4, 1)
        + to_months(try_cast(3 * (financial_quarter - 1) as integer)) as period_start,
        'not_supplied' as status_of_blank
    from figures
)

select
    screened.source,
    dated.*,
    last_day(try_cast(dated.period_start + interval 2 month as date)) as period_end,
    screened.is_partial_scope,
    screened.published_on,
    screened.data_origin
from dated
inner join screened on dated.delivery_id = screened.delivery_id and dated.row_number = screened.row_number
