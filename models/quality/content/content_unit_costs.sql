-- Classes of crime that the cost model prices and those that it leaves out (drug offences, bicycle theft).
with

costs as (
    select * from {{ ref('stg_reference_costs__ho_unit_costs') }}
),

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
),

cost_classes as (
    select * from {{ ref('cost_classes') }}
),

cost_class_offences as (
    select * from {{ ref('cost_class_offences') }}
),

offences as (
    select * from {{ ref('offence_classes') }}
    where is_notifiable
),

priced_offences as (
    select distinct
        costs.delivery_id,
        cost_class_offences.offence_code
    from costs
    inner join cost_classes on upper(trim(costs.crime_type)) = upper(cost_classes.cost_class_name)
    inner join cost_class_offences on cost_classes.cost_class_code = cost_class_offences.cost_class_code
    where costs.unit_cost_gbp is not null
),

classes as (
    select
        deliveries.delivery_id,
        deliveries.published_on,
        offences.major_name,
        priced_offences.offence_code is not null as is_priced
    from deliveries
    cross join offences
    left join priced_offences
        on
            deliveries.delivery_id = priced_offences.delivery_id
            and offences.offence_code = priced_offences.offence_code
    where deliveries.source = 'ho_unit_cost' and deliveries.verdict <> 'rejected'
)

select
    'ho_unit_cost' as source,
    delivery_id,
    published_on as period_end,
    major_name as category,
    count(*) as rows_tested,
    count(*) filter (not is_priced) as rows_failing,
    round(100.0 * count(*) filter (not is_priced) / count(*), 1) as share_pct
from classes
group by delivery_id, published_on, major_name
