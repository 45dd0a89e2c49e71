{#-
    Whether an event can have happened at too many hours for a share by time of day: its two ends are more than 12 hours
    of the clock apart, in whichever order they were written. With one end it has that hour.
-#}
{% macro is_time_uncertain(from_at, to_at) -%}
    coalesce(greatest({{ from_at }}, {{ to_at }}) - least({{ from_at }}, {{ to_at }}) > interval 12 hour, false)
{%- endmacro %}
