-- One row per victim of a kept crime report, with earlier victimisations of the same person in the 365 days
-- before. Any crime and same offence group count notifiable crimes, domestic abuse every flagged report.
with

crimes as (
    select * from {{ ref('int_crimes__cris') }}
),

reports as (
    select * from {{ ref('int_crimes__cris_screened') }}
    where fate = 'kept'
),

victims as (
    select * from {{ ref('int_persons__cris_screened') }}
    where fate = 'kept' and role = 'victim'
),

persons as (
    select * from {{ ref('int_persons__linked') }}
    where source = 'cris_victim'
),

victimisations as (
    select
        victims.delivery_id,
        victims.row_number,
        crimes.crime_key,
        persons.person_key,
        victims.is_organisation,
        victims.has_identity,
        crimes.event_date,
        crimes.recorded_month,
        crimes.offence_group,
        coalesce(crimes.is_notifiable, true) as is_notifiable,
        coalesce(reports.is_domestic_abuse, false) as is_domestic_abuse
    from victims
    inner join reports on victims.crime_key = reports.crime_key
    inner join crimes on victims.crime_key = crimes.crime_key
    left join persons on victims.delivery_id = persons.delivery_id and victims.row_number = persons.row_number
),

-- A month can be looked back on when nine in ten of its personal victims are known, as the contract asks.
months as (
    select
        recorded_month,
        1.0 * count(person_key) / count(*) as coverage
    from victimisations
    where not is_organisation
    group by recorded_month
),

-- Covered months that follow each other without a gap; a run begins where the month before is not covered.
runs as (
    select
        recorded_month,
        coverage,
        recorded_month - to_months(row_number() over (order by recorded_month)) as run
    from months
    where coverage >= 0.9
),

covered as (
    select
        recorded_month,
        min(recorded_month) over (partition by run) as covered_from
    from runs
),

-- A person named twice in one report was its victim once.
events as (
    select
        person_key,
        crime_key,
        min(event_date) as event_date,
        min(offence_group) as offence_group,
        bool_or(is_notifiable) as is_notifiable,
        bool_or(is_domestic_abuse) as is_domestic_abuse
    from victimisations
    where person_key is not null
    group by person_key, crime_key
),

-- Of two on one day the first by key is the earlier.
earlier as (
    select
        events.person_key,
        events.crime_key,
        count(*) filter (previous.is_notifiable) as earlier_any,
        count(*) filter (previous.is_notifiable and events.offence_group = previous.offence_group)
            as earlier_same_group,
        count(*) filter (previous.is_domestic_abuse) as earlier_domestic_abuse,
        min(date_diff('day', previous.event_date, events.event_date)) filter (previous.is_notifiable)
            as days_since_previous
    from events
    inner join events as previous
        on
            events.person_key = previous.person_key
            and events.crime_key <> previous.crime_key
            and events.event_date - 365 <= previous.event_date
            and events.event_date >= previous.event_date
            and (events.event_date > previous.event_date or events.crime_key > previous.crime_key)
    group by events.person_key, events.crime_key
),

stated as (
    select
        victimisations.*,
        months.coverage,
        covered.covered_from,
        coalesce(earlier.earlier_any, 0) as earlier_any,
        coalesce(earlier.earlier_same_group, 0) as earlier_same_group,
        coalesce(earlier.earlier_domestic_abuse, 0) as earlier_domestic_abuse,
        earlier.days_since_previous,
        case
            when victimisations.is_organisation then 'organisation'
            when victimisations.person_key is not null then 'known'
            when victimisations.has_identity then 'not_recorded'
            else 'not_supplied'
        end as person_state,
        case
            when covered.covered_from <= victimisations.event_date - 365 then 'sufficient'
            else 'insufficient_lookback'
        end as lookback_state
    from victimisations
    left join months on victimisations.recorded_month = months.recorded_month
    left join covered on victimisations.recorded_month = covered.recorded_month
    left join earlier
        on victimisations.person_key = earlier.person_key and victimisations.crime_key = earlier.crime_key
),

answerable as (
    select
        *,
        person_state = 'known' and lookback_state = 'sufficient' as is_answerable
    from stated
)

-- Where the 365 days before cannot all be looked at, neither answer is given: what is found is too little.
select
    delivery_id,
    row_number,
    crime_key,
    person_key,
    event_date,
    recorded_month,
    offence_group,
    is_organisation,
    is_notifiable,
    is_domestic_abuse,
    person_state,
    lookback_state,
    coverage,
    covered_from,
    earlier_any,
    earlier_same_group,
    earlier_domestic_abuse,
    days_since_previous,
    case when is_answerable and is_notifiable then earlier_any > 0 end as is_repeat_any,
    case when is_answerable and is_notifiable then earlier_same_group > 0 end as is_repeat_same_group,
    case when is_answerable and is_domestic_abuse then earlier_domestic_abuse > 0 end
        as is_repeat_domestic_abuse
from answerable
