-- Every delivered row of an offender scheme with its fate: one per spell, as the latest register that holds
-- it has it. A spell that a later register no longer holds is kept as it was last seen.
with

offenders as (
    select * from {{ ref('int_offenders__gathered') }}
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

scoped as (
    select
        offenders.*,
        deliveries.published_on,
        deliveries.data_origin,
        coalesce(fields.fields_not_supplied, '') as fields_not_supplied,
        coalesce(
            not scopes.is_chosen
            and (deliveries.published_on, offenders.delivery_id)
            < (scopes.used_published_on, scopes.used_delivery_id),
            false
        ) as is_superseded
    from offenders
    inner join deliveries on offenders.delivery_id = deliveries.delivery_id
    left join fields on offenders.delivery_id = fields.delivery_id
    left join scopes
        on
            offenders.delivery_id = scopes.delivery_id
            and coalesce(deliveries.publisher, '') = scopes.publisher
            and date_trunc('month', offenders.register_date) = scopes.month
            and coalesce(offenders.scope_category, '') = scopes.category
),

ranked as (
    select
        *,
        row_number() over latest as place,
        first_value(delivery_id) over latest as latest_delivery_id,
        max(case when not is_superseded then register_date end) over (partition by source)
            as latest_register_date
    from scoped
    window latest as (
        partition by source, scheme, spell_ref, is_superseded
        order by register_date desc, published_on desc, delivery_id desc, row_number desc
    )
)

select
    * exclude (place, latest_delivery_id, is_superseded, scope_category, latest_register_date),
    -- A list of referrals is no register: each referral stands in it once.
    source = 'perpetrator_programme_referral' or register_date = latest_register_date
        as is_on_latest_register,
    case
        when is_superseded then 'superseded_publication'
        when place > 1 and delivery_id <> latest_delivery_id then 'earlier_state'
        when place > 1 then 'repeated_reference'
        else 'kept'
    end as fate
from ranked
