-- Every published count of recorded crime (borough, ward, LSOA), its area and class conformed, and its fate.
with

borough_counts as (
    select * from {{ ref('stg_mps__crime_counts_borough') }}
),

ward_counts as (
    select * from {{ ref('stg_mps__crime_counts_ward') }}
),

lsoa_counts as (
    select * from {{ ref('stg_mps__crime_counts_lsoa') }}
),

boroughs as (
    select * from {{ ref('borough_names') }}
),

class_names as (
    select * from {{ ref('offence_class_names') }}
),

major_names as (
    select * from {{ ref('offence_major_names') }}
),

lsoas as (
    select * from {{ ref('int_geography__lsoas') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

scopes as (
    select * from {{ ref('int_scopes__chosen') }}
),

counts as (
    select
        delivery_id,
        row_number,
        'mps_crime_counts_borough' as source,
        'borough' as area_type,
        borough_name as area_code,
        borough_name as area_name,
        borough_name,
        major_class,
        minor_class,
        month,
        crimes
    from borough_counts
    union all
    select
        delivery_id,
        row_number,
        'mps_crime_counts_ward' as source,
        'ward' as area_type,
        ward_code as area_code,
        ward_name as area_name,
        borough_name,
        major_class,
        minor_class,
        month,
        crimes
    from ward_counts
    union all
    select
        delivery_id,
        row_number,
        'mps_crime_counts_lsoa' as source,
        'lsoa' as area_type,
        lsoa_code as area_code,
        lsoa_name as area_name,
        borough_name,
        major_class,
        minor_class,
        month,
        crimes
    from lsoa_counts
),

-- A code of both vintages does not tell the file's; the codes that only one vintage has do.
exclusive_codes as (
    select
        lsoa_code,
        min(vintage) as vintage
    from lsoas
    group by lsoa_code
    having count(distinct vintage) = 1
),

delivery_vintages as (
    select
        lsoa_counts.delivery_id,
        case
            when
                count(distinct case when exclusive_codes.vintage = '2011' then lsoa_counts.lsoa_code end)
                > count(distinct case when exclusive_codes.vintage = '2021' then lsoa_counts.lsoa_code end)
                then '2011'
            else '2021'
        end as vintage
    from lsoa_counts
    left join exclusive_codes on lsoa_counts.lsoa_code = exclusive_codes.lsoa_code
    group by lsoa_counts.delivery_id
),

-- The borough stands in the files by name, in capitals or not, or by its code.
conformed as (
    select
        counts.delivery_id,
        counts.row_number,
        counts.source,
        deliveries.published_on,
        deliveries.data_origin,
        scopes.is_complete,
        counts.area_type,
        case
            when counts.area_type = 'borough'
                then coalesce(boroughs.borough_code, 'X-' || vault.rules.name_key(counts.borough_name))
            else counts.area_code
        end as area_code,
        case when counts.area_type = 'borough' then boroughs.borough_name end as borough_area_name,
        counts.area_name,
        boroughs.borough_code,
        coalesce(boroughs.borough_name, counts.borough_name) as borough_name,
        case counts.area_type
            when 'lsoa' then delivery_vintages.vintage
            when 'ward' then '2022'
            else '2009'
        end as geography_vintage,
        coalesce(class_names.offence_code, 'unclassified_' || major_names.major_code, 'unclassified')
            as offence_code,
        vault.rules.name_key(counts.major_class || ' ' || counts.minor_class) as class_key,
        counts.month,
        counts.crimes
    from counts
    inner join deliveries on counts.delivery_id = deliveries.delivery_id
    inner join scopes
        on
            counts.delivery_id = scopes.delivery_id
            and coalesce(counts.borough_name, '') = scopes.area
            and counts.month = scopes.month
            and counts.major_class = scopes.category
    left join boroughs on vault.rules.name_key(counts.borough_name) = boroughs.name_key
    left join class_names on vault.rules.name_key(counts.minor_class) = class_names.name_key
    left join major_names on vault.rules.name_key(counts.major_class) = major_names.name_key
    left join delivery_vintages on counts.delivery_id = delivery_vintages.delivery_id
),

-- Two files of one publication may hold the same month (the later is used), and a file the same cell twice
-- (the last is used). Different published classes that fall into one of ours are added, not set aside.
ranked as (
    select
        *,
        dense_rank() over (
            partition by source, published_on, borough_name, month
            order by is_complete desc, delivery_id desc
        ) as delivery_place,
        row_number() over (
            partition by delivery_id, area_code, borough_name, class_key, month
            order by row_number desc
        ) as cell_place
    from conformed
)

select
    * exclude (delivery_place, cell_place, class_key, borough_area_name, area_name),
    coalesce(borough_area_name, area_name) as area_name,
    case
        when crimes is null then 'blank_count'
        when delivery_place > 1 then 'repeated_publication'
        when cell_place > 1 then 'repeated_cell'
        else 'kept'
    end as fate
from ranked
