-- Recorded crimes by publication, area, month and class: as counted by the police, and as rows where files of
-- rows are complete. The pseudo-publication `latest` takes each month from the latest that holds it.
with

counts as (
    select * from {{ ref('fct_recorded_crime_counts') }}
    where is_complete_scope
),

crimes as (
    select * from {{ ref('fct_crimes') }}
    where source = 'police_uk_street' and is_crime and not is_partial_scope
),

offences as (
    select * from {{ ref('dim_offence') }}
),

boroughs as (
    select * from {{ ref('dim_borough') }}
),

lsoas as (
    select * from {{ ref('dim_lsoa') }}
),

-- Street-level types are coarser than police classes: what fits none exactly is unclassified in its group.
crime_rows as (
    select
        crimes.*,
        coalesce(crimes.offence_code, offences.offence_code, 'unclassified') as class_code
    from crimes
    left join offences on 'unclassified_' || crimes.offence_group = offences.offence_code
),

crime_areas as (
    select
        *,
        'borough' as area_type,
        borough_code as area_code,
        '2009' as geography_vintage
    from crime_rows
    union all
    select
        *,
        'ward' as area_type,
        ward_code as area_code,
        '2022' as geography_vintage
    from crime_rows
    union all
    select
        *,
        'lsoa' as area_type,
        lsoa_2021_code as area_code,
        '2021' as geography_vintage
    from crime_rows
    union all
    select
        *,
        'lsoa' as area_type,
        lsoa_2011_code as area_code,
        '2011' as geography_vintage
    from crime_rows
),

row_cells as (
    select
        source,
        source_id,
        area_type,
        area_code,
        geography_vintage,
        borough_code,
        recorded_month,
        class_code as offence_code,
        count(*) as crimes,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from crime_areas
    where area_code is not null and borough_code = '{{ var("partnership_borough_code") }}'
    group by all
),

count_cells as (
    select
        source,
        source_id,
        area_type,
        area_code,
        geography_vintage,
        borough_code,
        recorded_month,
        offence_code,
        crimes,
        data_origin,
        as_at_date
    from counts
    where area_type = 'borough' or borough_code = '{{ var("partnership_borough_code") }}'
),

-- Every row of the borough file belongs to the force, those of no borough too.
force_cells as (
    select
        source,
        source_id,
        'force' as area_type,
        'metropolitan' as area_code,
        '2009' as geography_vintage,
        'metropolitan' as borough_code,
        recorded_month,
        offence_code,
        sum(crimes) as crimes,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from count_cells
    where area_type = 'borough'
    group by source, source_id, recorded_month, offence_code, as_at_date
),

published_cells as (
    select count_cells.*
    from count_cells
    left join boroughs on count_cells.borough_code = boroughs.borough_code
    -- Pseudo-boroughs count for the force only.
    where count_cells.area_type <> 'borough' or boroughs.borough_code is not null
    union all
    select * from force_cells
    union all
    select * from row_cells
),

stable_cells as (
    select
        published_cells.source,
        published_cells.source_id,
        'stable_area' as area_type,
        lsoas.stable_area_code as area_code,
        'stable' as geography_vintage,
        published_cells.borough_code,
        published_cells.recorded_month,
        published_cells.offence_code,
        sum(published_cells.crimes) as crimes,
        max(published_cells.data_origin) as data_origin,
        published_cells.as_at_date
    from published_cells
    inner join lsoas
        on
            published_cells.area_code = lsoas.lsoa_code
            and published_cells.geography_vintage = lsoas.geography_vintage
    where
        published_cells.area_type = 'lsoa'
        -- Rows are placed in both vintages; one of them is enough.
        and (published_cells.source <> 'police_uk_street' or published_cells.geography_vintage = '2021')
    group by
        published_cells.source, published_cells.source_id, lsoas.stable_area_code,
        published_cells.borough_code, published_cells.recorded_month, published_cells.offence_code,
        published_cells.as_at_date
),

cells as (
    select * from published_cells
    union all
    select * from stable_cells
),

-- Counts of one day are one publication, however many files; all rows of a source are one too.
keyed as (
    select
        *,
        source || case when source = 'police_uk_street' then '' else ' ' || as_at_date end as publication,
        case when source = 'police_uk_street' then 2 else 1 end as preference
    from cells
    where recorded_month >= date '{{ var("review_year_start") }}' - interval 3 year
),

latest_of_month as (
    select *
    from keyed
    qualify
        dense_rank() over (
            partition by area_type, geography_vintage, borough_code, recorded_month
            order by preference asc, as_at_date desc, source asc
        ) = 1
)

select
    * exclude (preference),
    false as is_patchwork,
    preference
from keyed
union all
select
    * exclude (preference, publication),
    'latest' as publication,
    true as is_patchwork,
    preference
from latest_of_month
