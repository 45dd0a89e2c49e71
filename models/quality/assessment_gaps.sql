{{ config(materialized='view') }}

with

gaps as (
    select * from {{ ref('printed_gaps') }}
),

places as (
    select * from {{ ref('printed_gap_places') }}
),

requirements as (
    select * from {{ ref('source_requirements') }}
),

register as (
    select * from {{ ref('gap_register') }}
),

deliveries as (
    select * from {{ ref('deliveries') }}
    where verdict <> 'rejected'
),

gate_checks as (
    select * from {{ ref('expectation_results') }}
    where not is_passed
),

tests as (
    select * from {{ ref('test_results') }}
    where kind = 'dbt test'
),

delivered as (
    select distinct source from deliveries
),

-- Months that were published again: their figures may have been revised since.
published_again as (
    select distinct later.source
    from deliveries as later
    inner join deliveries as earlier
        on
            later.source = earlier.source
            and later.publisher is not distinct from earlier.publisher
            and later.published_on > earlier.published_on
            and later.period_start <= earlier.period_end
            and later.period_end >= earlier.period_start
),

failed_checks as (
    select
        source,
        check_name,
        column_label,
        max_by(message, delivery_id) as finding
    from gate_checks
    group by source, check_name, column_label
),

looked_for as (
    select
        places.*,
        requirements.label,
        register.gap_id as register_id,
        register.expires_on,
        case places.found_by
            when 'gap_register' then register.finding
            when 'gate_check' then failed_checks.finding
            when 'delivery_test' then tests.description
        end as finding,
        case
            when register.status is not null then register.status
            when delivered.source is null then 'not_delivered'
            when places.found_by = 'gap_register' then 'received'
            when places.found_by = 'gate_check' and failed_checks.source is not null then 'found'
            when places.found_by = 'publications' and published_again.source is not null then 'found'
            when places.found_by = 'delivery_test' and tests.status in ('warned', 'failed') then 'found'
            when places.found_by = 'delivery_test' and tests.status <> 'passed' then 'not_tested'
            else 'not_found'
        end as status
    from places
    left join requirements on places.source = requirements.source and places.field = requirements.field
    left join register
        on
            places.found_by = 'gap_register'
            and places.source = register.source
            and places.field = register.field
    left join delivered on places.source = delivered.source
    left join published_again on places.source = published_again.source
    left join failed_checks
        on
            places.found_by = 'gate_check'
            and places.source = failed_checks.source
            and places.check_name = failed_checks.check_name
            and coalesce(requirements.label, '(file)') = failed_checks.column_label
    left join tests on places.found_by = 'delivery_test' and places.check_name = tests.test_name
)

select
    concat_ws(':', gaps.gap_id, looked_for.source, looked_for.field) as place_key,
    gaps.gap_id,
    gaps.subject,
    gaps.recommendations,
    gaps.shown_by,
    looked_for.source,
    looked_for.field,
    looked_for.label,
    looked_for.found_by,
    nullif(looked_for.check_name, '') as check_name,
    coalesce(looked_for.status, 'not_in_a_delivery') as status,
    looked_for.finding,
    looked_for.register_id,
    looked_for.expires_on,
    gaps.reason
from gaps
left join looked_for on gaps.gap_id = looked_for.gap_id
