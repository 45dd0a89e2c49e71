{{ config(materialized='view') }}

with

declared as (
    {{ declared_tests() }}
),

runs as (
    select * from {{ source('dbt_runs', 'test_runs') }}
),

expectations as (
    select * from {{ ref('expectation_results') }}
),

deliveries as (
    select * from {{ ref('deliveries') }}
),

requirements as (
    select * from {{ ref('source_requirements') }}
),

dbt_tests as (
    select
        'dbt:' || declared.test_name as result_key,
        'dbt test' as kind,
        declared.test_name,
        declared.description,
        declared.dimension,
        declared.owner,
        declared.severity,
        coalesce(runs.status, 'not_tested') as status,
        runs.failing,
        runs.tested,
        cast(null as varchar) as delivery_id,
        cast(null as varchar) as source,
        declared.recommendations,
        runs.first_failed_at as first_seen_at
    from declared
    left join runs on declared.test_name = runs.test_name
),

-- Rows worked out by hand: a failing one stops the build, whatever recommendation the rule serves.
unit_tests as (
    select
        'unit:' || test_name as result_key,
        'unit test' as kind,
        test_name,
        unit_test_description as description,
        'accuracy' as dimension,
        'developers' as owner,
        'error' as severity,
        status,
        failing,
        tested,
        cast(null as varchar) as delivery_id,
        cast(null as varchar) as source,
        '' as recommendations,
        first_failed_at as first_seen_at
    from runs
    where unit_test_description is not null
),

gate_checks as (
    select
        concat_ws(':', 'gate', expectations.delivery_id, expectations.check_name, expectations.column_label)
            as result_key,
        'expectation' as kind,
        expectations.check_name || ' (' || expectations.column_label || ')' as test_name,
        coalesce(nullif(expectations.message, ''), 'Nothing was found.') as description,
        expectations.dimension,
        'data steward' as owner,
        case when expectations.severity in ('reject', 'gap') then 'error' else 'warn' end as severity,
        case
            when expectations.is_passed then 'passed'
            when expectations.severity in ('reject', 'gap') then 'failed'
            else 'warned'
        end as status,
        expectations.failing,
        expectations.tested,
        expectations.delivery_id,
        expectations.source,
        expectations.recommendations,
        case when not expectations.is_passed then deliveries.landed_at end as first_seen_at
    from expectations
    inner join deliveries on expectations.delivery_id = deliveries.delivery_id
),

-- A source of which nothing came has checks that could not run: they show as not tested.
waiting as (
    select
        'gate:' || requirements.source || ':' || requirements.field as result_key,
        'expectation' as kind,
        'column_is_delivered (' || requirements.label || ')' as test_name,
        'Nothing of this source was delivered.' as description,
        'completeness' as dimension,
        'data steward' as owner,
        'error' as severity,
        'not_tested' as status,
        cast(null as bigint) as failing,
        cast(null as bigint) as tested,
        cast(null as varchar) as delivery_id,
        requirements.source,
        requirements.recommendations,
        cast(null as timestamp) as first_seen_at
    from requirements
    anti join deliveries on requirements.source = deliveries.source and deliveries.verdict <> 'rejected'
    where requirements.kind = 'field'
)

select * from dbt_tests
union all
select * from unit_tests
union all
select * from gate_checks
union all
select * from waiting
