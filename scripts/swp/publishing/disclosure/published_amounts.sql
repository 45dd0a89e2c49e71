-- What the figures of published show of each cell.
with

shown as (
    select
        observation_key,
        unnest([
            {'side': 'now', 'quantity': 'numerator', 'amount': case
                when unit = 'days' then null
                else coalesce(
                    numerator,
                    case when unit = 'count' then value when unit = 'percent' then round(value * denominator / 100) end
                )
            end},
            {'side': 'now', 'quantity': 'denominator', 'amount': case when unit <> 'per_day' then denominator end},
            {'side': 'unknown', 'quantity': 'unknown', 'amount': unknown_count},
            {'side': 'before', 'quantity': 'numerator', 'amount': case when unit = 'count' then previous_value end}
        ], recursive := true)
    from published
)

select
    keyed.cell,
    max(shown.amount) as amount
from keyed
inner join shown using (observation_key, side, quantity)
where shown.amount is not null
group by keyed.cell
