-- Every delivered police call and noise complaint with its fate: one per reference of the agency, from the
-- latest delivery; a delivery whose month another one speaks for is set aside (decision 0005).
with

incidents as (
    select * from {{ ref('int_asb_incidents__gathered') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

scopes as (
    select
        *,
        max(case when is_first then published_on end) over cell as used_published_on,
        max(case when is_first then delivery_id end) over cell as used_delivery_id
    from {{ ref('int_scopes__chosen') }}
    where source in ('mps_cad_asb', 'noise_complaint')
    window cell as (partition by source, publisher, area, month, category)
),

fields as (
    select
        delivery_id,
        coalesce(string_agg(column_name, ',' order by column_name) filter (not is_delivered), '')
            as fields_not_supplied
    from {{ ref('stg_ledger__column_profile') }}
    group by delivery_id
),

-- A partial file replaces nothing, but its own rows count: only an older delivery is ever superseded.
scoped as (
    select
        incidents.*,
        coalesce(deliveries.publisher, '') as publisher,
        deliveries.published_on,
        deliveries.data_origin,
        coalesce(fields.fields_not_supplied, '') as fields_not_supplied,
        coalesce(
            not scopes.is_chosen
            and (deliveries.published_on, incidents.delivery_id)
            < (scopes.used_published_on, scopes.used_delivery_id),
            false
        ) as is_superseded
    from incidents
    inner join deliveries on incidents.delivery_id = deliveries.delivery_id
    left join fields on incidents.delivery_id = fields.delivery_id
    left join scopes
        on
            incidents.delivery_id = scopes.delivery_id
            and coalesce(deliveries.publisher, '') = scopes.publisher
            and coalesce(incidents.scope_area, '') = scopes.area
            and date_trunc('month', incidents.reported_at) = scopes.month
),

ranked as (
    select
        *,
        row_number() over latest as place,
        first_value(delivery_id) over latest as latest_delivery_id
    from scoped
    window latest as (
        partition by source, incident_ref, is_superseded
        order by published_on desc, delivery_id desc, row_number desc
    )
)

select
    * exclude (place, latest_delivery_id, is_superseded, scope_area),
    case
        when is_superseded then 'superseded_publication'
        when place > 1 and delivery_id <> latest_delivery_id then 'earlier_state'
        when place > 1 then 'repeated_reference'
        else 'kept'
    end as fate
from ranked
