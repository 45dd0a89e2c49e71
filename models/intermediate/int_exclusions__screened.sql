-- Every delivered suspension and exclusion with its fate: of each academic year the latest publication that
-- holds at least 90% of the rows of any other (decision 0005), of each pupil, day and type its last row.
with

exclusions as (
    select * from {{ ref('stg_childrens_services__exclusions') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

linked_persons as (
    select * from {{ ref('int_persons__linked') }}
    where source = 'exclusion'
),

areas as (
    select * from {{ ref('int_indicators__areas') }}
),

london_boroughs as (
    select distinct borough_code
    from {{ ref('borough_names') }}
    where force is not null
),

-- Wards until May 2022 that no ward has the name of since. Their council area was cut anew: 15 of 18 wards
-- changed, so that a file with one of these names is in old wards, and Church Street in it is not the
-- Church Street of today.
former_wards (name_key) as (
    values
    ('BRYANSTON AND DORSET SQUARE'),
    ('BRYANSTON DORSET SQUARE'),
    ('CHURCHILL'),
    ('MARYLEBONE HIGH STREET'),
    ('TACHBROOK'),
    ('WARWICK')
),

deliveries_in_former_wards as (
    select distinct exclusions.delivery_id
    from exclusions
    inner join former_wards on vault.rules.name_key(exclusions.ward_name) = former_wards.name_key
),

dated as (
    select
        exclusions.*,
        linked_persons.person_key,
        deliveries.published_on,
        deliveries.data_origin,
        deliveries.is_partial,
        map_contains(deliveries.labels, 'sex') as is_sex_supplied,
        map_contains(deliveries.labels, 'home_borough') as is_home_supplied,
        -- The academic year begins in September; what the file calls it is text.
        try_cast(date_trunc('year', exclusions.started_on - interval 8 month) + interval 8 month as date)
            as academic_year_start
    from exclusions
    inner join deliveries on exclusions.delivery_id = deliveries.delivery_id
    left join linked_persons
        on
            exclusions.delivery_id = linked_persons.delivery_id
            and exclusions.row_number = linked_persons.row_number
),

counted as (
    select
        *,
        count(*) over (partition by academic_year_start, delivery_id) as rows_of_year
    from dated
),

judged as (
    select
        *,
        is_partial or rows_of_year < 0.9 * max(rows_of_year) over (partition by academic_year_start)
            as is_partial_scope
    from counted
),

ranked as (
    select
        *,
        bool_and(is_partial_scope) over (partition by academic_year_start) as has_no_complete,
        dense_rank() over (
            partition by academic_year_start
            order by is_partial_scope asc, published_on desc, delivery_id desc
        ) as publication_place
    from judged
),

used as (
    select
        *,
        publication_place = 1 or has_no_complete as is_used,
        row_number() over (
            partition by pupil_ref, started_on, exclusion_type, publication_place = 1 or has_no_complete
            order by published_on desc, delivery_id desc, row_number desc
        ) as place
    from ranked
),

placed as (
    select
        used.*,
        homes.area_code as home_borough_code,
        london_boroughs.borough_code is not null as is_london_home,
        wards.area_code as ward_code_of_name,
        deliveries_in_former_wards.delivery_id is not null as is_in_former_wards
    from used
    left join
        areas as homes
        on homes.area_type = 'borough' and vault.rules.name_key(used.home_borough) = homes.name_key
    left join london_boroughs on homes.area_code = london_boroughs.borough_code
    left join
        areas as wards
        on wards.area_type = 'ward' and vault.rules.name_key(used.ward_name) = wards.name_key
    left join deliveries_in_former_wards on used.delivery_id = deliveries_in_former_wards.delivery_id
)

select
    * exclude (
        is_partial,
        rows_of_year,
        has_no_complete,
        publication_place,
        is_used,
        place,
        ward_code_of_name,
        is_london_home
    ),
    case when not is_in_former_wards then ward_code_of_name end as ward_code,
    case
        when ward_name is null then 'none_given'
        when is_in_former_wards then 'former_wards'
        when ward_code_of_name is null then 'unknown_name'
        else 'exact'
    end as ward_match,
    case
        when not is_home_supplied and is_resident is null then 'not_supplied'
        when
            coalesce(is_resident, home_borough_code = '{{ var("partnership_borough_code") }}')
            then 'resident'
        when home_borough is null then 'not_recorded'
        -- The flag says that the pupil lives elsewhere, the borough that it does not.
        when home_borough_code = '{{ var("partnership_borough_code") }}' then 'unknown'
        when vault.rules.name_key(home_borough) in ('UNKNOWN', 'NOT KNOWN', 'N K', 'NK') then 'unknown'
        when vault.rules.name_key(home_borough) in ('NO FIXED ABODE', 'NFA') then 'no_fixed_abode'
        when is_london_home then 'other_london'
        else 'outside_london'
    end as residence_category,
    case
        when not is_used then 'superseded_publication'
        when place > 1 then 'repeated_key'
        else 'kept'
    end as fate
from placed
