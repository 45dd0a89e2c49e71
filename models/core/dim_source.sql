with

sources as (
    select * from {{ ref('sources') }}
),

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

landed as (
    select
        contracts.source_id,
        cast(count(deliveries.delivery_id) as integer) as deliveries,
        max(deliveries.published_on) as latest_published_on
    from contracts
    left join deliveries on contracts.source = deliveries.source
    group by contracts.source_id
)

select
    sources.*,
    landed.source_id is not null as has_contract,
    coalesce(landed.deliveries, 0) as deliveries,
    landed.latest_published_on
from sources
left join landed on sources.source_id = landed.source_id
