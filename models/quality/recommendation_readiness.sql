{{ config(materialized='view') }}

with

results as (
    select * from {{ ref('test_results') }}
),

register as (
    select * from {{ ref('gap_register') }}
),

recommendations as (
    select * from {{ ref('dim_recommendation') }}
),

-- A result or gap may harm several recommendations; one that names none harms them all only if it is an
-- integrity test, which stops the build anyway.
harms as (
    select
        trim(unnest(string_split(recommendations, ','))) as recommendation_id,
        'test' as kind,
        status,
        severity,
        test_name as subject
    from results
    where
        kind = 'dbt test'
        and status in ('failed', 'error', 'warned', 'not_tested')
        -- What a delivery test warns of stands in the register.
        and (
            status = 'not_tested'
            or not regexp_matches(test_name, '^(fields|periods|no_registered_gap)_of_')
        )
    union all
    select
        trim(unnest(string_split(recommendations, ','))) as recommendation_id,
        'gap' as kind,
        status,
        case when status in ('open', 'expired') then 'error' else 'warn' end as severity,
        source || ': ' || label || ' (' || finding || ')' as subject
    from register
    where status in ('open', 'expired', 'registered')
),

counted as (
    select
        recommendation_id,
        count(*) filter (kind = 'gap' and status in ('open', 'expired')) as open_gaps,
        count(*) filter (kind = 'gap' and status = 'registered') as registered_gaps,
        count(*) filter (kind = 'test' and status in ('failed', 'error') and severity = 'error')
            as failed_tests,
        count(*) filter (kind = 'test' and status in ('failed', 'error', 'warned') and severity = 'warn')
            as tests_that_warn,
        count(*) filter (kind = 'test' and status = 'not_tested') as tests_not_run,
        string_agg(distinct subject, '; ' order by subject) filter (kind = 'gap') as gaps
    from harms
    group by recommendation_id
)

select
    recommendations.recommendation_id,
    recommendations.short_name,
    case
        when counted.open_gaps > 0 or counted.failed_tests > 0 then 'do_not_use'
        when counted.registered_gaps > 0 or counted.tests_that_warn > 0 or counted.tests_not_run > 0
            then 'use_with_care'
        else 'safe_to_use'
    end as verdict,
    concat_ws(
        ' ',
        case when counted.failed_tests > 0 then 'Tests that fail: ' || counted.failed_tests || '.' end,
        case when counted.open_gaps > 0 then 'Open gaps: ' || counted.open_gaps || '.' end,
        case when counted.registered_gaps > 0 then 'Registered gaps: ' || counted.registered_gaps || '.' end,
        case when counted.tests_that_warn > 0 then 'Tests that warn: ' || counted.tests_that_warn || '.' end,
        case when counted.tests_not_run > 0 then 'Tests not run: ' || counted.tests_not_run || '.' end,
        case when counted.recommendation_id is null then 'No test fails and no gap is known.' end
    ) as why,
    coalesce(counted.gaps, '') as gaps
from recommendations
left join counted on recommendations.recommendation_id = counted.recommendation_id
