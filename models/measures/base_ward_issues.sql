-- What else distinguishes a ward: the issues of seed ward_issues, calls to the fire brigade, the homes of
-- victims and accused, and what residents say. Each observation is that of its measure.
with

observations as (
    select * from {{ ref('measures_all') }}
    where area_type = 'ward'
),

issues as (
    select * from {{ ref('ward_issues') }}
),

wards as (
    select * from {{ ref('dim_ward') }}
    where borough_code = '{{ var("partnership_borough_code") }}'
),

crimes as (
    select
        period_start,
        ward_code,
        any_value(total) as crimes,
        any_value(source_ids) as source_ids
    from {{ ref('base_ward_crimes') }}
    where aspect = 'crime_by_volume'
    group by period_start, ward_code
),

populations as (
    select * from {{ ref('fct_populations') }}
    where
        area_type = 'lsoa'
        and population_base = 'resident'
        and sex = 'persons'
        and age_band = 'All-Ages'
    -- The latest year delivered: residents are set against counts of any period. A year may be delivered for
    -- the areas of both vintages, which are the same residents.
    qualify dense_rank() over (order by population_year desc, geography_vintage desc) = 1
),

residents as (
    select
        lsoas.ward_code,
        sum(populations.persons) as residents
    from populations
    inner join {{ ref('dim_lsoa') }} as lsoas
        on
            populations.area_code = lsoas.lsoa_code
            and populations.geography_vintage = lsoas.geography_vintage
    group by lsoas.ward_code
),

review_years as (
    select
        period_start,
        period_end
    from {{ ref('dim_period') }}
    where period_type = 'review_year'
),

callouts as (
    select
        *,
        case
            when incident_group = 'Fire' and property_category = 'Dwelling' then 'dwelling_fires'
            when incident_group = 'Fire' then 'other_fires'
            when is_false_alarm then 'false_alarms'
        end as issue_code
    from {{ ref('fct_emergency_callouts') }}
    where source = 'lfb_incident'
),

fire_months as (
    select
        review_years.*,
        count(*) as months_covered
    from review_years
    inner join {{ ref('bridge_covered_months') }} as covered
        on
            covered.source = 'lfb_incident'
            and covered.month between review_years.period_start and review_years.period_end
    group by all
),

fire_kinds (issue_code, issue_name) as (
    values
    ('dwelling_fires', 'Fires in homes'),
    ('other_fires', 'Fires elsewhere'),
    ('false_alarms', 'False alarms to the fire brigade')
),

brigade as (
    select
        max(source_id) as source_id,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from callouts
),

-- A covered month without a call had none.
fires as (
    select
        fire_months.period_start,
        fire_months.period_end,
        fire_months.months_covered,
        wards.ward_code,
        fire_kinds.issue_code,
        fire_kinds.issue_name,
        count(callouts.callout_key) as calls,
        brigade.source_id as source_ids,
        brigade.data_origin,
        brigade.as_at_date
    from fire_months
    cross join brigade
    cross join wards
    cross join fire_kinds
    left join callouts
        on
            wards.ward_code = callouts.ward_code
            and fire_kinds.issue_code = callouts.issue_code
            and callouts.call_date between fire_months.period_start and fire_months.period_end
    group by all
),

counted as (
    select
        observations.period_start,
        observations.period_end,
        observations.area_code as ward_code,
        issues.issue_code as item_code,
        issues.issue_name as item_name,
        issues.base,
        observations.value as amount,
        observations.unknown_count,
        observations.coverage_pct,
        observations.status,
        observations.status_reason,
        observations.definition_id,
        observations.source_ids,
        observations.data_origin,
        observations.as_at_date
    from observations
    inner join issues
        on
            observations.measure_id = issues.measure_id
            and observations.breakdown = issues.breakdown
            and observations.category = issues.category
            and observations.breakdown_2 = issues.breakdown_2
            and observations.category_2 = issues.category_2
    where observations.period_type = 'review_year'
    union all by name
    select
        period_start,
        period_end,
        ward_code,
        issue_code as item_code,
        issue_name as item_name,
        'residents' as base,
        cast(calls as double) as amount,
        cast(100.0 * months_covered / 12 as double) as coverage_pct,
        case when months_covered < 12 then 'partial_period' else 'ok' end as status,
        case when months_covered < 12 then months_covered || ' of 12 months were delivered.' end
            as status_reason,
        'fire_service_calls' as definition_id,
        source_ids,
        data_origin,
        as_at_date
    from fires
),

based as (
    select
        counted.*,
        case counted.base when 'residents' then residents.residents else crimes.crimes end as base_amount,
        case counted.base when 'residents' then 'S08' else crimes.source_ids end as base_source_id
    from counted
    left join residents on counted.ward_code = residents.ward_code
    left join crimes on counted.ward_code = crimes.ward_code and counted.period_start = crimes.period_start
)

select
    'issue' as aspect,
    period_start,
    period_end,
    ward_code,
    item_code,
    item_name,
    base,
    amount,
    cast(base_amount as double) as total,
    unknown_count,
    cast(null as double) as ci_lower,
    cast(null as double) as ci_upper,
    coverage_pct,
    case when status in ('ok', 'partial_period') and base_amount is null then 'not_supplied' else status end
        as status,
    case
        when status in ('ok', 'partial_period') and base_amount is null
            then 'The ' || base || ' of the ward were not supplied.'
        else status_reason
    end as status_reason,
    definition_id,
    source_ids || coalesce(',' || base_source_id, '') as source_ids,
    data_origin,
    as_at_date
from based
union all by name
select
    case measure_id when 'victims_by_person' then 'resident_victims' else 'resident_accused' end as aspect,
    period_start,
    period_end,
    area_code as ward_code,
    'resident' as item_code,
    case measure_id when 'victims_by_person' then 'Victims' else 'Accused' end || ' who live in the borough'
        as item_name,
    'persons' as base,
    numerator as amount,
    denominator as total,
    unknown_count,
    ci_lower,
    ci_upper,
    coverage_pct,
    status,
    status_reason,
    definition_id,
    source_ids,
    data_origin,
    as_at_date
from observations
where
    measure_id in ('victims_by_person', 'accused_by_person')
    and period_type = 'review_year'
    and breakdown = 'residence'
    and category = 'resident'
    and breakdown_2 = 'all'
union all by name
-- A survey stands for the review year in which it was made.
select
    'survey_priority' as aspect,
    review_years.period_start,
    review_years.period_end,
    observations.area_code as ward_code,
    observations.category_2 as item_code,
    observations.category_2 as item_name, -- noqa: AL08
    'respondents' as base,
    observations.numerator as amount,
    observations.denominator as total,
    observations.unknown_count,
    observations.ci_lower,
    observations.ci_upper,
    observations.coverage_pct,
    observations.status,
    observations.status_reason,
    observations.definition_id,
    observations.source_ids,
    observations.data_origin,
    observations.as_at_date
from observations
inner join review_years
    on observations.period_start between review_years.period_start and review_years.period_end
where
    observations.measure_id = 'residents_see_problem'
    and observations.period_type = 'survey_wave'
    and observations.breakdown = 'all'
    and observations.breakdown_2 = 'question'
