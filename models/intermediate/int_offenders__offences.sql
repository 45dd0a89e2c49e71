-- Every delivered offence of somebody under a scheme with its fate: one per offence and person, from the
-- latest delivery. The history of offender management is copied out whole: an offence that the latest copy no
-- longer holds has been struck from it. Youth justice sends periods.
with

iom_offences as (
    select * from {{ ref('stg_offender_schemes__iom_offences') }}
),

yjs_offences as (
    select * from {{ ref('stg_offender_schemes__yjs_offences') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

gathered as (
    select
        delivery_id,
        row_number,
        'iom_offence' as source,
        'iom' as agency,
        offence_ref,
        nullif(upper(trim(offender_ref)), '') as person_ref,
        committed_on as committed_date,
        offence_class,
        is_proven,
        as_at_date as register_date,
        true as is_whole_history
    from iom_offences
    union all by name
    select
        delivery_id,
        row_number,
        'yjs_offence' as source,
        'yjs' as agency,
        offence_ref,
        nullif(upper(trim(person_ref)), '') as person_ref,
        committed_on as committed_date,
        offence_class,
        false as is_whole_history
    from yjs_offences
),

ranked as (
    select
        gathered.*,
        row_number() over latest as place,
        first_value(gathered.delivery_id) over latest as latest_delivery_id,
        max(gathered.register_date) over (partition by gathered.source) as latest_register_date
    from gathered
    inner join deliveries on gathered.delivery_id = deliveries.delivery_id
    window latest as (
        partition by gathered.source, gathered.offence_ref, gathered.person_ref
        order by
            gathered.register_date desc nulls last, deliveries.published_on desc, gathered.delivery_id desc,
            gathered.row_number desc
    )
)

select
    * exclude (place, latest_delivery_id, is_whole_history, latest_register_date),
    case
        when place > 1 and delivery_id <> latest_delivery_id then 'earlier_state'
        when place > 1 then 'repeated_reference'
        when is_whole_history and register_date < latest_register_date then 'no_longer_in_history'
        else 'kept'
    end as fate
from ranked
