-- A reason that a record names twice is one reason.
with

exclusions as (
    select * from {{ ref('int_exclusions__screened') }}
    where fate = 'kept'
),

reasons as (
    select * from {{ ref('dfe_suspension_reasons') }}
),

given as (
    select
        delivery_id,
        row_number,
        unnest([reason_1, reason_2, reason_3]) as reason_given,
        unnest([1, 2, 3]) as reason_order
    from exclusions
),

first_given as (
    select
        given.delivery_id,
        given.row_number,
        coalesce(reasons.reason_code, 'unknown') as reason_code,
        max(reasons.reason_name) as reason_name,
        min(given.reason_order) as reason_order
    from given
    left join reasons on vault.rules.name_key(given.reason_given) = vault.rules.name_key(reasons.reason_name)
    where given.reason_given is not null
    group by given.delivery_id, given.row_number, coalesce(reasons.reason_code, 'unknown')
)

select
    {{ surrogate_key(['delivery_id', 'row_number', 'reason_code']) }} as exclusion_reason_key,
    {{ surrogate_key(['delivery_id', 'row_number']) }} as exclusion_key,
    reason_code,
    coalesce(reason_name, 'Not in the list of reasons') as reason_name,
    cast(reason_order as integer) as reason_order
from first_given
