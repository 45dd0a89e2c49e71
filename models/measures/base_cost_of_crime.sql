-- Crimes times unit cost times deflator, at full precision. The component published_unit_total gives the
-- total: the components are rounded and do not add up to it. Areas to compare with have that one alone.
with

totals as (
    select * from {{ ref('base_crime_totals') }}
    where
        grouping_type = 'offence_class'
        and (
            (area_type in ('borough', 'ward') and borough_code = '{{ var("partnership_borough_code") }}')
            or (area_type in ('borough', 'force') and period_type = 'review_year')
        )
),

class_offences as (
    select * from {{ ref('cost_class_offences') }}
),

classes as (
    select * from {{ ref('cost_classes') }}
),

unit_costs as (
    select * from {{ ref('unit_costs') }}
),

deflators as (
    select * from {{ ref('gdp_deflators') }}
),

crimes_by_class as (
    select
        totals.* exclude (grouping_type, grouping_code, crimes, previous_crimes), -- noqa: RF02
        class_offences.cost_class_code,
        sum(totals.crimes) as crimes,
        sum(totals.previous_crimes) as previous_crimes
    from totals
    inner join class_offences on totals.grouping_code = class_offences.offence_code
    group by all
)

select
    crimes_by_class.*,
    classes.cost_class_name,
    classes.published_order,
    unit_costs.component,
    unit_costs.component_group,
    unit_costs.unit_cost_gbp,
    unit_costs.price_year as unit_cost_price_year,
    deflators.release_id as deflator_release,
    deflators.price_year,
    deflators.index_price_year / deflators.index_base as deflator_ratio,
    crimes_by_class.crimes * unit_costs.unit_cost_gbp * deflators.index_price_year / deflators.index_base
        as cost_gbp,
    crimes_by_class.previous_crimes * unit_costs.unit_cost_gbp * deflators.index_price_year
    / deflators.index_base as previous_cost_gbp
from crimes_by_class
inner join classes on crimes_by_class.cost_class_code = classes.cost_class_code
inner join unit_costs
    on
        crimes_by_class.cost_class_code = unit_costs.cost_class_code
        and (
            crimes_by_class.borough_code = '{{ var("partnership_borough_code") }}'
            or unit_costs.component = 'published_unit_total'
        )
cross join deflators
