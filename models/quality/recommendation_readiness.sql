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
    where kind = 'dbt test' and status in ('failed', 'error', 'warned', 'not_tested')
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
        when counted.registered_gaps > 0 or counted.tests_not_run > 0 then 'use_with_care'
        else 'safe_to_use'
    end as verdict,
    concat_ws(
        ' ',
        case when counted.failed_tests > 0 then counted.failed_tests || ' tests fail.' end,
        case when counted.open_gaps > 0 then counted.open_gaps || ' gaps are open.' end,
        case when counted.registered_gaps > 0 then counted.registered_gaps || ' gaps are registered.' end,
        case when counted.tests_not_run > 0 then counted.tests_not_run || ' tests were not run.' end,
        case when counted.recommendation_id is null then 'No test fails and no gap is known.' end
    ) as why,
    coalesce(counted.gaps, '') as gaps
from recommendations
left join counted on recommendations.recommendation_id = counted.recommendation_id
