-- Every figure as it may be shown. In: figures, places, suppressed, keyed. Out: controlled, a row per figure with all
-- columns of the measure contract. Of a hidden figure no number is left; where what stood a year before is hidden,
-- so is the change. Public counts are rounded, and all that is worked out of counts is worked out again.

create or replace temp macro rounded(count) as {{ rounded_to }} * round(count / {{ rounded_to }});
-- Money and what has no counts of its own tells a count that it was worked out of, unless it is coarse.
create or replace temp macro coarse(amount) as
    round(cast(amount as double), 2 - cast(floor(log10(greatest(abs(amount), 1))) as integer));

create or replace temp table hidden_figures as
with

hidden as (
    select figures.*
    from figures
    semi join suppressed on figures.observation_key = suppressed.observation_key and suppressed.side = 'now'
),

hidden_areas as (
    select distinct period_type, period_start, geography_vintage, breakdown, category
    from hidden
    where measure_id = 'crimes_recorded' and area_type in ('ward', 'lsoa', 'stable_area')
),

hidden_classes as (
    select distinct period_type, period_start, area_type, area_code, category
    from hidden
    where measure_id = 'costed_crimes'
),

hidden_rates as (
    select period_type, period_start, area_type, area_code, breakdown, category
    from hidden
    where measure_id = 'reoffending_rate'
)

select observation_key from hidden
union
select observation_key from figures where handling = 'hidden'
union
-- A rank or a running share over areas tells where each area stands.
select figures.observation_key
from figures
inner join hidden_areas using (period_type, period_start, geography_vintage)
where
    figures.handling = 'areas'
    and (hidden_areas.category = 'all' or hidden_areas.category in (figures.category, figures.category_2))
union
-- Total and single costs with unit costs that are known give the counts: with a class the totals go too.
select figures.observation_key
from figures
inner join hidden_classes using (period_type, period_start, area_type, area_code)
where
    figures.handling = 'cost'
    and (
        figures.measure_id <> 'cost_of_crime'
        or figures.breakdown <> 'cost_class'
        or figures.category = hidden_classes.category
        or hidden_classes.category = 'all'
    )
union
select figures.observation_key
from figures
inner join hidden_rates using (period_type, period_start, area_type, area_code, breakdown, category)
where figures.handling = 'rate';

-- What stood a year before: hidden with the figure of that year. Where a share of that year has no figure of its own,
-- the simplest fraction that gives it must be of at least 20, and 5 on either side; and with one of a kind all go,
-- for the others would give it away.
create or replace temp table hidden_before as
with

asked as (
    select
        figures.*,
        years_before.observation_key as key_before,
        figures.previous_value / 100 as share
    from figures
    left join figures as years_before
        on
            figures.measure_id = years_before.measure_id
            and figures.area_type = years_before.area_type
            and figures.area_code = years_before.area_code
            and figures.geography_vintage = years_before.geography_vintage
            and figures.breakdown = years_before.breakdown
            and figures.category = years_before.category
            and figures.breakdown_2 = years_before.breakdown_2
            and figures.category_2 = years_before.category_2
            and figures.period_type = years_before.period_type
            and cast(figures.period_start - interval 1 year as date) = years_before.period_start
    where figures.previous_value is not null
),

without_figure as (
    select
        *,
        hash(measure_id, period_type, area_type, geography_vintage, breakdown, breakdown_2) as kind,
        case
            when unit <> 'percent' then true
            when share in (0, 1) then false
            else
                list_bool_or([abs(share * base - round(share * base)) < 1e-7 for base in range(1, 20)])
                or list_bool_or([abs(count / share - round(count / share)) < 1e-6 * count / share
                    for count in range(1, 5)])
                or list_bool_or([abs(count / (1 - share) - round(count / (1 - share))) < 1e-6 * count / (1 - share)
                    for count in range(1, 5)])
        end as may_be_small
    from asked
    where key_before is null and handling = 'counted' and unit not in ('count', 'per_day')
)

select observation_key from hidden_figures
union
select observation_key from suppressed where side = 'before'
union
select asked.observation_key
from asked
semi join hidden_figures on asked.key_before = hidden_figures.observation_key
union
select without_figure.observation_key
from without_figure
semi join (select kind from without_figure where may_be_small) as unsafe using (kind)
union
-- Money of the year before follows the crimes of the year before.
select asked.observation_key
from asked
inner join figures as costed
    on
        costed.measure_id = 'costed_crimes'
        and asked.period_type = costed.period_type
        and asked.period_start = costed.period_start
        and asked.area_type = costed.area_type
        and asked.area_code = costed.area_code
semi join suppressed on costed.observation_key = suppressed.observation_key and suppressed.side = 'before'
where
    asked.handling = 'cost'
    and (asked.breakdown <> 'cost_class' or asked.measure_id <> 'cost_of_crime' or asked.category = costed.category);

create or replace temp table controlled as
with

marked as (
    select
        figures.* exclude (handling),
        figures.handling = 'counted' and figures.unit <> 'days' as is_of_counts,
        hidden_figures.observation_key is not null as is_hidden,
        hidden_before.observation_key is not null as is_hidden_before,
        hidden_unknown.observation_key is not null as is_hidden_unknown
    from figures
    left join hidden_figures using (observation_key)
    left join hidden_before using (observation_key)
    left join (select observation_key from suppressed where side = 'unknown') as hidden_unknown
        using (observation_key)
),

shown as (
    select
        * replace (
            case when not is_hidden then value end as value,
            case when not is_hidden then numerator end as numerator,
            case when not is_hidden then denominator end as denominator,
            case when not is_hidden and not is_hidden_unknown then unknown_count end as unknown_count,
            case when not is_hidden then round(coverage_pct) end as coverage_pct,
            case when not is_hidden then ci_lower end as ci_lower,
            case when not is_hidden then ci_upper end as ci_upper,
            case when not is_hidden_before then previous_value end as previous_value,
            case when not is_hidden_before then change_pct end as change_pct,
            case when not is_hidden_before then change_is_beyond_chance end as change_is_beyond_chance,
            case when is_hidden then 'suppressed' else status end as status,
            case
                when is_hidden then '{{ reason }}'
                -- What the reason counts is a count as well.
                else regexp_replace(status_reason, ' in all [0-9]+ records', ' in all records')
            end as status_reason
        )
    from marked
)
{% if rounded_to == 1 %}
select * exclude (is_of_counts, is_hidden, is_hidden_before, is_hidden_unknown) from shown
{%- else -%}
,

counts as (
    select
        * replace (
            case
                when is_of_counts then rounded(numerator)
                when unit <> 'days' then coarse(numerator)
            end as numerator,
            case
                when unit = 'per_day' then denominator
                when is_of_counts or unit = 'days' then rounded(denominator)
                else coarse(denominator)
            end as denominator,
            cast(rounded(unknown_count) as bigint) as unknown_count
        ),
        numerator as exact_numerator,
        value as exact_value,
        previous_value as exact_previous_value
    from shown
),

recomputed as (
    select
        * replace (
            case
                when value is null then null
                when unit = 'count' then rounded(value)
                when unit = 'percent' and numerator is not null and is_of_counts
                    then 100 * numerator / nullif(denominator, 0)
                when unit = 'ratio' and numerator is not null then numerator / nullif(denominator, 0)
                when unit = 'per_day' and exact_numerator > 0 then value * numerator / exact_numerator
                when unit in ('percent', 'days') then round(value)
                when unit in ('rank', 'areas') then value
                else coarse(value)
            end as value,
            case
                when previous_value is null then null
                when unit = 'count' then rounded(previous_value)
                when unit = 'percent' then round(previous_value)
                when unit in ('rank', 'areas', 'days') then round(previous_value)
                else coarse(previous_value)
            end as previous_value
        )
    from counts
)

select
    * exclude (
        is_of_counts, is_hidden, is_hidden_before, is_hidden_unknown, exact_numerator, exact_value,
        exact_previous_value
    ) replace (
        case
            when ci_lower is null then null
            when unit = 'percent' and numerator is not null and is_of_counts
                then 100 * {{ wilson_bound('numerator', 'denominator', '-') }}
            when unit in ('count', 'per_day') and numerator > 0
                then {{ byar_bound('numerator', '-') }} * value / numerator
            else round(ci_lower)
        end as ci_lower,
        case
            when ci_upper is null then null
            when unit = 'percent' and numerator is not null and is_of_counts
                then 100 * {{ wilson_bound('numerator', 'denominator', '+') }}
            when unit in ('count', 'per_day') and numerator > 0
                then {{ byar_bound('numerator', '+') }} * value / numerator
            else round(ci_upper)
        end as ci_upper,
        case
            when change_pct is not null then 100 * (value - previous_value) / nullif(previous_value, 0)
        end as change_pct,
        case
            when change_is_beyond_chance is not null and unit = 'count'
                then {{ counts_differ('value', 'previous_value') }}
        end as change_is_beyond_chance
    )
from recomputed
{%- endif %}
;
