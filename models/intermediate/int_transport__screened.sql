-- Every delivered incident of British Transport Police and Transport for London with its fate: of each
-- month the latest publication that holds at least 90% of the rows of any other (decision 0005), of each
-- reference its last row.
with

police_incidents as (
    select * from {{ ref('stg_safestats__btp_incidents') }}
),

transport_incidents as (
    select * from {{ ref('stg_safestats__tfl_incidents') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

records as (
    select
        delivery_id,
        row_number,
        'btp_incident' as source,
        'BTP' as service,
        incident_ref as incident_reference,
        recorded_date,
        recorded_date as counted_date,
        committed_from as occurred_from_at,
        committed_to as occurred_to_at,
        offence_group as incident_type,
        home_office_code,
        station_name,
        location_type,
        ward_code,
        ward_name,
        lsoa_code,
        outcome,
        try_cast(null as boolean) as is_injury,
        try_cast(null as boolean) as is_reported_to_police
    from police_incidents
    union all
    select
        delivery_id,
        row_number,
        'tfl_incident' as source,
        'TfL' as service,
        incident_number as incident_reference,
        try_cast(null as date) as recorded_date,
        try_cast(occurred_at as date) as counted_date,
        occurred_at as occurred_from_at,
        occurred_at as occurred_to_at,
        incident_type,
        null as home_office_code,
        null as station_name,
        null as location_type,
        ward_code,
        ward_name,
        lsoa_code,
        null as outcome,
        is_injury,
        is_reported_to_police
    from transport_incidents
),

dated as (
    select
        records.*,
        deliveries.published_on,
        deliveries.data_origin,
        deliveries.is_partial,
        count(*) over (
            partition by records.source, records.delivery_id, date_trunc('month', records.counted_date)
        ) as rows_of_month
    from records
    inner join deliveries on records.delivery_id = deliveries.delivery_id
),

judged as (
    select
        *,
        is_partial or rows_of_month < 0.9 * max(rows_of_month) over (
            partition by source, date_trunc('month', counted_date)
        ) as is_partial_scope
    from dated
),

-- Where no delivery of a month is complete, all of them add what they have.
ranked as (
    select
        *,
        bool_and(is_partial_scope) over source_month as has_no_complete,
        dense_rank() over (
            partition by source, date_trunc('month', counted_date)
            order by is_partial_scope asc, published_on desc, delivery_id desc
        ) as publication_place
    from judged
    window source_month as (partition by source, date_trunc('month', counted_date))
),

used as (
    select
        *,
        publication_place = 1 or has_no_complete as is_used,
        row_number() over (
            partition by source, incident_reference, publication_place = 1 or has_no_complete
            order by published_on desc, delivery_id desc, row_number desc
        ) as place
    from ranked
)

select
    * exclude (is_partial, rows_of_month, has_no_complete, publication_place, is_used, place),
    case
        when not is_used then 'superseded_publication'
        when place > 1 then 'repeated_reference'
        else 'kept'
    end as fate
from used
