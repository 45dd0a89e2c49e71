-- The measure of all crime adds up the totals of the classes, and no component. Areas to compare with have no
-- classes.
with

costs as (
    select * from {{ ref('measures_cost') }}
    where
        measure_id = 'cost_of_crime'
        and value is not null
        and (area_type = 'ward' or area_code = '{{ var("partnership_borough_code") }}')
),

all_crime as (
    select * from costs
    where breakdown = 'all'
),

classes as (
    select
        period_type,
        period_start,
        period_end,
        area_type,
        area_code,
        sum(value) as cost_of_classes
    from costs
    where breakdown = 'cost_class'
    group by period_type, period_start, period_end, area_type, area_code
)

select
    all_crime.observation_key,
    all_crime.value,
    classes.cost_of_classes
from all_crime
left join classes
    on
        all_crime.period_type = classes.period_type
        and all_crime.period_start = classes.period_start
        and all_crime.period_end = classes.period_end
        and all_crime.area_type = classes.area_type
        and all_crime.area_code = classes.area_code
where classes.cost_of_classes is null or abs(all_crime.value - classes.cost_of_classes) > 0.01
