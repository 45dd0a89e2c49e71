-- Every delivered ambulance call-out and emergency department attendance with its fate. Of each month, and
-- for departments of each site, the latest publication that holds at least 90% of the rows of any other is
-- used (decision 0005); of an ambulance call-out the last snapshot. Attendances have no reference: a row
-- that equals another may be a second patient, so all of them count.
with

callouts as (
    select * from {{ ref('stg_safestats__las_callouts') }}
),

attendances as (
    select * from {{ ref('stg_health__istv_attendances') }}
),

categories as (
    select * from {{ ref('las_incident_categories') }}
),

methods as (
    select * from {{ ref('assault_methods') }}
),

location_types as (
    select * from {{ ref('assault_location_types') }}
),

boroughs as (
    select * from {{ ref('int_indicators__areas') }}
    where area_type = 'borough'
),

london_boroughs as (
    select distinct
        borough_code,
        force
    from {{ ref('borough_names') }}
    where force is not null
),

lsoas as (
    select * from {{ ref('int_geography__lsoas') }}
),

wards as (
    select * from {{ ref('int_geography__wards') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

ambulance_records as (
    select
        callouts.delivery_id,
        callouts.row_number,
        'las_callout' as source,
        'LAS' as service,
        callouts.incident_id as incident_reference,
        null as site_code,
        callouts.called_at,
        try_cast(null as timestamp) as arrived_at,
        callouts.snapshot_date,
        callouts.incident_category as incident_group,
        callouts.illness_code as stop_code,
        try_cast(null as boolean) as is_public_place,
        try_cast(null as boolean) as is_licensed_premises,
        null as location_type,
        callouts.ward_code as ward_code_given,
        callouts.lsoa_code,
        callouts.patient_age as age_low,
        callouts.patient_age as age_high,
        upper(left(callouts.patient_sex, 1)) as patient_sex,
        null as patient_residence,
        'not_supplied' as residence_without_text,
        callouts.is_conveyed,
        categories.is_assault,
        categories.is_alcohol_related,
        coalesce(categories.is_in_agreed_extract, false) as is_in_agreed_extract,
        try_cast(null as boolean) as is_weapon,
        try_cast(null as boolean) as is_sharp_weapon
    from callouts
    left join categories on callouts.incident_category = categories.incident_category
),

-- The clock time of an attendance is that of the assault: the arrival comes hours later.
department_records as (
    select
        attendances.delivery_id,
        attendances.row_number,
        'istv_attendance' as source,
        'ED' as service,
        null as incident_reference,
        attendances.site_code,
        attendances.assaulted_at as called_at,
        attendances.arrived_at,
        try_cast(null as date) as snapshot_date,
        'Assault' as incident_group,
        attendances.assault_method as stop_code,
        location_types.is_public_place,
        location_types.is_licensed_premises,
        attendances.assault_location_type as location_type,
        attendances.ward_code as ward_code_given,
        null as lsoa_code,
        try_cast(regexp_extract(attendances.patient_age_band, '^\s*(\d+)', 1) as bigint) as age_low,
        try_cast(
            coalesce(
                nullif(regexp_extract(attendances.patient_age_band, '^\s*\d+\D+(\d+)\s*$', 1), ''),
                nullif(regexp_extract(attendances.patient_age_band, '^\s*(\d+)\s*$', 1), '')
            ) as bigint
        ) as age_high,
        upper(left(attendances.patient_sex, 1)) as patient_sex,
        attendances.patient_residence,
        case
            when map_contains(deliveries.labels, 'patient_residence') then 'not_recorded' else 'not_supplied'
        end
            as residence_without_text,
        try_cast(null as boolean) as is_conveyed,
        true as is_assault,
        try_cast(null as boolean) as is_alcohol_related,
        true as is_in_agreed_extract,
        case when methods.is_known then methods.is_weapon end as is_weapon,
        case when methods.is_known then methods.is_sharp end as is_sharp_weapon
    from attendances
    inner join deliveries on attendances.delivery_id = deliveries.delivery_id
    left join methods on attendances.assault_method = methods.assault_method
    left join location_types on attendances.assault_location_type = location_types.location_type
),

records as (
    select * from ambulance_records
    union all
    select * from department_records
),

dated as (
    select
        records.*,
        deliveries.published_on,
        deliveries.data_origin,
        deliveries.is_partial,
        try_cast(date_trunc('month', records.called_at) as date) as call_month,
        count(*) over (
            partition by
                records.source, records.site_code, records.delivery_id, date_trunc('month', records.called_at)
        ) as rows_of_month
    from records
    inner join deliveries on records.delivery_id = deliveries.delivery_id
),

judged as (
    select
        *,
        is_partial or rows_of_month < 0.9 * max(rows_of_month) over (
            partition by source, site_code, call_month
        ) as is_partial_scope
    from dated
),

-- Where no delivery of a month is complete, all of them add what they have.
ranked as (
    select
        *,
        bool_and(is_partial_scope) over (partition by source, site_code, call_month) as has_no_complete,
        dense_rank() over (
            partition by source, site_code, call_month
            order by is_partial_scope asc, published_on desc, delivery_id desc
        ) as publication_place
    from judged
),

used as (
    select
        *,
        publication_place = 1 or has_no_complete as is_used,
        row_number() over (
            partition by source, incident_reference, publication_place = 1 or has_no_complete
            order by
                coalesce(snapshot_date, published_on) desc,
                published_on desc,
                delivery_id desc,
                row_number desc
        ) as place
    from ranked
),

placed as (
    select
        used.*,
        coalesce(wards.borough_code, lsoas_2021.borough_code, lsoas_2011.borough_code) as borough_code,
        coalesce(wards.ward_code, lsoas_2021.ward_code, lsoas_2011.ward_code) as ward_code,
        lsoas_2011.lsoa_code as lsoa_2011_code,
        lsoas_2021.lsoa_code as lsoa_2021_code,
        boroughs.area_code as residence_borough_code,
        london_boroughs.borough_code is not null as is_london_residence
    from used
    left join wards on used.ward_code_given = wards.ward_code
    left join lsoas as lsoas_2011 on lsoas_2011.vintage = '2011' and used.lsoa_code = lsoas_2011.lsoa_code
    left join lsoas as lsoas_2021 on lsoas_2021.vintage = '2021' and used.lsoa_code = lsoas_2021.lsoa_code
    left join boroughs on vault.rules.name_key(used.patient_residence) = boroughs.name_key
    left join london_boroughs on boroughs.area_code = london_boroughs.borough_code
)

select
    * exclude (
        is_partial, rows_of_month, has_no_complete, publication_place, is_used, place, patient_residence,
        residence_without_text, is_london_residence
    ),
    case
        when patient_residence is null then residence_without_text
        when vault.rules.name_key(patient_residence) in ('UNKNOWN', 'NOT KNOWN', 'N K', 'NK') then 'unknown'
        when vault.rules.name_key(patient_residence) in ('NO FIXED ABODE', 'NFA') then 'no_fixed_abode'
        when residence_borough_code = '{{ var("partnership_borough_code") }}' then 'resident'
        when is_london_residence then 'other_london'
        else 'outside_london'
    end as residence_category,
    case
        when not is_used then 'superseded_publication'
        when incident_reference is not null and place > 1 then 'repeated_reference'
        else 'kept'
    end as fate
from placed
