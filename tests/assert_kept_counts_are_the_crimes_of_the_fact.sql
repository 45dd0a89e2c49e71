with

kept as (
    select
        source,
        area_type,
        published_on as as_at_date,
        sum(crimes) as crimes_kept
    from {{ ref('int_crime_counts__screened') }}
    where fate = 'kept'
    group by source, area_type, published_on
),

facts as (
    select
        source,
        area_type,
        as_at_date,
        sum(crimes) as crimes
    from {{ ref('fct_recorded_crime_counts') }}
    group by source, area_type, as_at_date
)

select
    kept.*,
    facts.crimes
from kept
full outer join facts
    on kept.source = facts.source and kept.area_type = facts.area_type and kept.as_at_date = facts.as_at_date
where kept.crimes_kept is distinct from facts.crimes
