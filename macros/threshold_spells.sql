{#-
    The spells in which an entity has so many occasions that still count: from the day on which it came to the
    threshold to the last day on which it is at it, spells that touch being one.

    `occasions` is a CTE with the columns of `entity` (their names, separated by commas), occasion_date,
    last_counted_day (the last day on which the occasion still counts) and threshold.
-#}
{% macro threshold_spells(occasions, entity) %}
    select
        {{ entity }},
        min(reached_date) as threshold_met_date,
        max(stands_until) as stands_until
    from (
        select
            *,
            sum(if(reached_date <= stood_until + 1, 0, 1)) over (
                partition by {{ entity }}
                order by reached_date, stands_until
                rows unbounded preceding
            ) as spell
        from (
            select
                *,
                max(stands_until) over (
                    partition by {{ entity }}
                    order by reached_date, stands_until
                    rows between unbounded preceding and 1 preceding
                ) as stood_until
            from (
                select
                    {{ entity }},
                    occasion_date as reached_date,
                    lag(last_counted_day, cast(threshold - 1 as integer)) over (
                        partition by {{ entity }}
                        order by occasion_date, last_counted_day
                    ) as stands_until
                from {{ occasions }}
            )
            where stands_until >= reached_date
        )
    )
    group by {{ entity }}, spell
{% endmacro %}
