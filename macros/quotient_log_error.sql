{#-
    The standard error of the logarithm of a location quotient (amount / total) / (base_amount / base_total) by the
    delta method, from four independent parts: the item and the others, here and elsewhere in the base.

    Read from columns of these names: amount, total, base_amount, base_total and the variance of each (for counts
    that vary as Poisson counts do, the count itself); `part` is 1 where the amount is part of the total and 0 where
    the total is taken as it is; `inside` is 1 where the place is in the base, which then shares a part with it.
-#}
{% macro quotient_log_error() -%}
    sqrt(
        variance
        * power(
            1 / nullif(amount, 0) - part / nullif(total, 0) - inside / nullif(base_amount, 0)
            + part * inside / nullif(base_total, 0),
            2
        )
        + part * (total_variance - variance) * power(inside / nullif(base_total, 0) - 1 / nullif(total, 0), 2)
        + (base_variance - inside * variance)
        * power(part / nullif(base_total, 0) - 1 / nullif(base_amount, 0), 2)
        + part * (base_total_variance - inside * total_variance - base_variance + inside * variance)
        * power(1 / nullif(base_total, 0), 2)
    )
{%- endmacro %}
