-- How often an incident's address was complained of in the 365 days that end with it, within one source.
-- The address leaves this model as a key only.
with

incidents as (
    select * from {{ ref('int_asb_incidents__screened') }}
    where fate = 'kept'
),

coverage as (
    select * from {{ ref('int_asb__coverage') }}
),

-- One address is written with its property reference and without it: the text leads to the reference where it
-- always goes with the same one.
known_places as (
    select
        source,
        place_text,
        postcode,
        min(uprn) as uprn
    from incidents
    where uprn is not null and place_text is not null
    group by source, place_text, postcode
    having count(distinct uprn) = 1
),

placed as (
    select
        incidents.delivery_id,
        incidents.row_number,
        incidents.source,
        incidents.reported_at,
        list_contains(string_split(incidents.fields_not_supplied, ','), incidents.location_field)
            as is_not_supplied,
        coverage.covered_from,
        case
            when incidents.uprn is not null then 'uprn'
            when known_places.uprn is not null then 'uprn_of_same_address'
            when incidents.place_text is not null then 'place_name'
        end as location_basis,
        case
            when coalesce(incidents.uprn, known_places.uprn) is not null
                then {{ pseudonym(["'uprn'", 'coalesce(incidents.uprn, known_places.uprn)']) }}
            when incidents.place_text is not null
                then
                    {{ pseudonym([
                        "'place'", 'incidents.source', 'incidents.place_text', 'incidents.postcode',
                    ]) }}
        end as location_key
    from incidents
    left join known_places
        on
            incidents.source = known_places.source
            and incidents.place_text = known_places.place_text
            and incidents.postcode is not distinct from known_places.postcode
    left join coverage
        on
            incidents.source = coverage.source
            and incidents.publisher = coverage.publisher
            and incidents.reported_at >= coverage.covered_from
            and incidents.reported_at < coverage.covered_to + to_days(1)
),

-- Definitions asb_repeat_location_3 and asb_repeat_location_10; the complaint itself is the last of them.
counted as (
    select
        *,
        date_diff('day', covered_from, date_trunc('day', reported_at)) as location_lookback_days,
        case
            when location_key is not null
                then count(*) over (
                    partition by source, location_key
                    order by reported_at
                    range between interval 365 days preceding and current row
                )
        end as location_incidents_365d
    from placed
),

judged as (
    select
        *,
        case
            when location_key is null and is_not_supplied then 'not_supplied'
            when location_key is null then 'not_recorded'
            when coalesce(location_lookback_days, 0) < 365 then 'insufficient_lookback'
            else 'ok'
        end as repeat_location_status
    from counted
)

select
    delivery_id,
    row_number,
    location_key,
    location_basis,
    location_incidents_365d,
    location_lookback_days,
    repeat_location_status,
    case when repeat_location_status = 'ok' then location_incidents_365d >= 3 end as is_repeat_location_3,
    case when repeat_location_status = 'ok' then location_incidents_365d >= 10 end as is_repeat_location_10
from judged
