with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
    where source = 'neighbourhood_activity'
),

activities as (
    select * from {{ ref('int_neighbourhood_activities__screened') }}
    where fate = 'kept'
),

issues as (
    select * from {{ ref('neighbourhood_issues') }}
),

wards as (
    select * from {{ ref('int_asb__ward_names') }}
)

select
    -- keys
    {{ surrogate_key(['activities.activity_ref']) }} as activity_key,
    activities.delivery_id,
    'neighbourhood_activity' as source,
    contracts.source_id,

    -- when, where and what
    activities.activity_date,
    cast(date_trunc('month', activities.activity_date) as date) as activity_month,
    wards.ward_code,
    coalesce(issues.issue_code, 'unknown') as issue_code,
    coalesce(issues.issue, 'Unknown') as issue_name,
    issues.issue_type,
    activities.hours,
    activities.status as progress,

    -- flags
    activities.activity_type = 'Problem solving' as is_problem_solving,
    activities.data_origin,
    activities.published_on as as_at_date
from activities
cross join contracts
left join issues on activities.issue = issues.issue
left join wards on regexp_replace(upper(activities.ward_name), '[^A-Z0-9]+', '', 'g') = wards.name_key
