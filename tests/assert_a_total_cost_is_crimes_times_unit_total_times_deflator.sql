-- Worked out anew from the seeds, to the tenth of a penny. The components are never added up to it: the Home
-- Office rounds each of them to ten pounds.
with

costs as (
    select * from {{ ref('mart_cost_of_crime') }}
    where component = 'published_unit_total'
),

unit_costs as (
    select * from {{ ref('unit_costs') }}
    where component = 'published_unit_total'
),

deflators as (
    select * from {{ ref('gdp_deflators') }}
),

expected as (
    select
        costs.cost_key,
        costs.cost_gbp,
        costs.crimes * unit_costs.unit_cost_gbp * (deflators.index_price_year / deflators.index_base)
            as expected_gbp
    from costs
    left join unit_costs on costs.cost_class_code = unit_costs.cost_class_code
    left join deflators on costs.deflator_release = deflators.release_id
)

select * from expected
where expected_gbp is null or abs(cost_gbp - expected_gbp) > 0.001
