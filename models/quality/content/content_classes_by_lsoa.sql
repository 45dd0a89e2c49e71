-- Some classes are published for the borough and not for its small areas: figures of LSOAs leave them out.
with

counts as (
    select * from {{ ref('int_crime_counts__screened') }}
    where borough_code = '{{ var("partnership_borough_code") }}' and crimes is not null
),

offences as (
    select * from {{ ref('offence_classes') }}
),

crimes_by_class as (
    select
        counts.source,
        counts.delivery_id,
        counts.published_on,
        counts.month,
        offences.major_name,
        sum(counts.crimes) as crimes
    from counts
    inner join offences on counts.offence_code = offences.offence_code
    group by all
),

lsoa_months as (
    select
        delivery_id,
        month,
        list(major_name) as majors
    from crimes_by_class
    where source = 'mps_crime_counts_lsoa'
    group by delivery_id, month
),

-- The latest publication of a month says how many there were; months without one are not judged.
borough_counts as (
    select
        month,
        major_name,
        max_by(crimes, published_on) as crimes
    from crimes_by_class
    where source = 'mps_crime_counts_borough'
    group by month, major_name
),

judged as (
    select
        lsoa_months.delivery_id,
        lsoa_months.month,
        borough_counts.major_name,
        borough_counts.crimes,
        list_contains(lsoa_months.majors, borough_counts.major_name) as is_counted
    from lsoa_months
    inner join borough_counts on lsoa_months.month = borough_counts.month
    where borough_counts.crimes > 0
)

select
    'mps_crime_counts_lsoa' as source,
    delivery_id,
    last_day(month) as period_end,
    major_name as category,
    cast(crimes as bigint) as rows_tested,
    cast(case when is_counted then 0 else crimes end as bigint) as rows_failing,
    case when is_counted then 0.0 else 100.0 end as share_pct
from judged
