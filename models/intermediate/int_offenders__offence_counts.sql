-- Offences of a person in the 365 days before a spell, during it, and in the 365 days after it, with the days
-- that could be observed of each: counts of unequal days do not compare. The first day of a spell is of the
-- spell. An offence costs what its class costs; one of a class that is not costed has none.
with

spells as (
    select * from {{ ref('int_offenders__screened') }}
    where fate = 'kept' and agency in ('iom', 'yjs') and started_date is not null
),

offences as (
    select * from {{ ref('int_offenders__offences') }}
    where fate = 'kept'
),

coverage as (
    select * from {{ ref('int_asb__coverage') }}
    where source = 'yjs_offence'
),

class_costs as (
    select
        classes.name_key,
        max(costs.unit_cost_gbp) as unit_cost_gbp
    from {{ ref('offence_class_names') }} as classes
    inner join {{ ref('cost_class_offences') }} as costed on classes.offence_code = costed.offence_code
    inner join {{ ref('unit_costs') }} as costs on costed.cost_class_code = costs.cost_class_code
    where costs.component = 'published_unit_total'
    group by classes.name_key
),

-- Of offender management the whole history is held up to the day of the copy.
observed as (
    select
        'iom' as agency,
        date '1900-01-01' as observed_from,
        max(register_date) as observed_to
    from offences
    where agency = 'iom'
    having count(*) > 0
    union all
    select
        'yjs' as agency,
        max_by(covered_from, covered_to) as observed_from,
        max(covered_to) as observed_to
    from coverage
    having count(*) > 0
),

windows as (
    select
        spells.delivery_id,
        spells.row_number,
        spells.agency,
        spells.person_ref,
        spells.started_date,
        least(coalesce(spells.ended_date, observed.observed_to), observed.observed_to) as last_date,
        spells.ended_date,
        observed.observed_from,
        observed.observed_to
    from spells
    inner join observed on spells.agency = observed.agency
),

observed_days as (
    select
        *,
        greatest(0, least(365, date_diff('day', observed_from, started_date))) as days_observed_before,
        greatest(0, date_diff('day', greatest(started_date, observed_from), last_date) + 1)
            as days_observed_during,
        case
            when ended_date is not null
                then greatest(0, least(365, date_diff('day', ended_date, observed_to)))
        end as days_observed_after
    from windows
),

-- An offence is of one part of the time around a spell, or of none.
parts as (
    select
        observed_days.delivery_id,
        observed_days.row_number,
        offences.is_proven,
        class_costs.unit_cost_gbp,
        case
            when offences.committed_date < observed_days.started_date - 365 then 'long_before'
            when offences.committed_date < observed_days.started_date then 'before'
            when offences.committed_date <= observed_days.last_date then 'during'
            when offences.committed_date <= observed_days.ended_date + 365 then 'after'
        end as part
    from observed_days
    inner join offences
        on observed_days.agency = offences.agency and observed_days.person_ref = offences.person_ref
    left join class_costs
        on vault.rules.name_key(offences.offence_class) = class_costs.name_key
),

counted as (
    select
        delivery_id,
        row_number,
        count(*) filter (part = 'before') as offences_before,
        count(*) filter (part = 'during') as offences_during,
        count(*) filter (part = 'after') as offences_after,
        count(*) filter (part = 'before' and is_proven) as proven_before,
        count(*) filter (part = 'during' and is_proven) as proven_during,
        count(*) filter (part = 'after' and is_proven) as proven_after,
        try_cast(sum(unit_cost_gbp) filter (part = 'before') as bigint) as cost_before_gbp,
        try_cast(sum(unit_cost_gbp) filter (part = 'during') as bigint) as cost_during_gbp,
        try_cast(sum(unit_cost_gbp) filter (part = 'after') as bigint) as cost_after_gbp
    from parts
    group by delivery_id, row_number
)

-- Days that nobody observed have no count. Youth justice does not say which offences were proven.
select
    observed_days.delivery_id,
    observed_days.row_number,
    observed_days.days_observed_before,
    observed_days.days_observed_during,
    observed_days.days_observed_after,
    case when observed_days.days_observed_before > 0 then coalesce(counted.offences_before, 0) end
        as offences_before_365d,
    case when observed_days.days_observed_during > 0 then coalesce(counted.offences_during, 0) end
        as offences_during,
    case when observed_days.days_observed_after > 0 then coalesce(counted.offences_after, 0) end
        as offences_after_365d,
    case
        when observed_days.days_observed_before > 0 and observed_days.agency = 'iom'
            then coalesce(counted.proven_before, 0)
    end as proven_offences_before_365d,
    case
        when observed_days.days_observed_during > 0 and observed_days.agency = 'iom'
            then coalesce(counted.proven_during, 0)
    end as proven_offences_during,
    case
        when observed_days.days_observed_after > 0 and observed_days.agency = 'iom'
            then coalesce(counted.proven_after, 0)
    end as proven_offences_after_365d,
    case when observed_days.days_observed_before > 0 then coalesce(counted.cost_before_gbp, 0) end
        as offence_cost_before_365d_gbp,
    case when observed_days.days_observed_during > 0 then coalesce(counted.cost_during_gbp, 0) end
        as offence_cost_during_gbp,
    case when observed_days.days_observed_after > 0 then coalesce(counted.cost_after_gbp, 0) end
        as offence_cost_after_365d_gbp
from observed_days
left join counted
    on observed_days.delivery_id = counted.delivery_id and observed_days.row_number = counted.row_number
