-- Every person key is made of an agency's person, so that following that one gives the key of today.
with

events as (
    select * from {{ ref('stg_ledger__person_key_events') }}
),

person_keys as (
    select * from {{ ref('int_persons__keys') }}
)

select
    {{ surrogate_key([
        'events.noticed_at', 'events.event', 'events.person_key_before', 'events.person_key_after'
    ]) }} as change_key,
    events.noticed_at,
    events.latest_delivery_id,
    events.event,
    events.person_key_before,
    events.person_key_after,
    person_keys.person_key as person_key_now,
    cast(events.agency_persons as integer) as agency_persons,
    events.reasons
from events
inner join person_keys on events.person_key_after = person_keys.own_key
