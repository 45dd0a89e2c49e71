-- One row per kept incident or case and role: whether the person had that role on an earlier day of the 365
-- days before, in the same source and by the agency's own reference (definitions asb_repeat_complainant and
-- asb_repeat_perpetrator). Two records of one day are one occasion.
with

incidents as (
    select * from {{ ref('int_asb_incidents__screened') }}
    where fate = 'kept'
),

cases as (
    select * from {{ ref('int_asb_cases__screened') }}
    where fate = 'kept'
),

coverage as (
    select * from {{ ref('int_asb__coverage') }}
),

events as (
    {% for relation, event_date, role_recorded in [
        ('incidents', 'try_cast(reported_at as date)', 'false'),
        ('cases', 'opened_date', 'person_role_code is not null'),
    ] %}
        {% for role in ('complainant', 'perpetrator') %}
            select
                delivery_id,
                row_number,
                source,
                publisher,
                agency,
                '{{ role }}' as role,
                {{ event_date }} as event_date,
                {{ role }}_ref as person_ref,
                {{ role }}_field as field,
                list_contains(string_split(fields_not_supplied, ','), {{ role }}_field) as is_not_supplied,
                {{ role_recorded }} as has_role
            from {{ relation }}
            {{ 'union all' if not loop.last }}
        {% endfor %}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        *,
        case
            when person_ref is not null
                then count(*) over (
                    partition by source, agency, role, person_ref
                    order by event_date
                    range between interval 365 days preceding and interval 1 day preceding
                )
        end as earlier_events_365d
    from events
),

judged as (
    select
        counted.*,
        date_diff('day', coverage.covered_from, counted.event_date) as lookback_days,
        case
            when counted.field is null then 'not_applicable'
            when counted.person_ref is null and counted.is_not_supplied then 'not_supplied'
            -- The one person that the row names has another role.
            when counted.person_ref is null and counted.has_role then 'not_applicable'
            when counted.person_ref is null then 'not_recorded'
            when coalesce(date_diff('day', coverage.covered_from, counted.event_date), 0) < 365
                then 'insufficient_lookback'
            else 'ok'
        end as status
    from counted
    left join coverage
        on
            counted.source = coverage.source
            and counted.publisher = coverage.publisher
            and counted.event_date between coverage.covered_from and coverage.covered_to
)

select
    delivery_id,
    row_number,
    source,
    agency,
    role,
    event_date,
    {{ person_pseudonym('agency', 'person_ref') }} as person_key_agency,
    earlier_events_365d,
    lookback_days,
    status,
    case when status = 'ok' then earlier_events_365d > 0 end as is_repeat
from judged
