-- Which area lies in which, and which kinds of offence make up which, from the attached warehouse.
create or replace temp table places as
with

in_boroughs as (
    select area_type, area_code, geography_vintage, borough_code
    from warehouse.core.dim_area
    where is_partnership and area_type in ('ward', 'lsoa', 'stable_area')
),

lsoas as (
    select * from warehouse.core.dim_lsoa
)

select
    area_type,
    area_code,
    geography_vintage,
    'borough' as parent_type,
    borough_code as parent_code,
    '2009' as parent_vintage
from in_boroughs
union
select 'lsoa', lsoa_code, geography_vintage, 'stable_area', stable_area_code, 'stable'
from lsoas
where stable_area_code is not null
union
select 'lsoa', lsoa_code, geography_vintage, 'ward', ward_code, '2022'
from lsoas
where ward_code is not null;

create or replace temp table parts as
with

groupings as (
    select
        case grouping_type when 'definition' then 'offence_definition' else grouping_type end as breakdown,
        grouping_code as category,
        list(distinct offence_code) as offences
    from warehouse.core.bridge_offence_groupings
    where grouping_type <> 'all'
    group by all
)

select
    wholes.breakdown,
    wholes.category,
    groupings.breakdown as part_breakdown,
    groupings.category as part_category
from groupings as wholes
inner join groupings
    on wholes.breakdown <> groupings.breakdown and list_has_all(wholes.offences, groupings.offences);
