-- 30 of 100 here, 120 of 1,000 in a base that holds them: 30 x 0.016^2 + 70 x 0.009^2 + 90 x (0.0073333)^2
-- + 810 / 1,000^2 = 0.019. Beside the base the parts are independent, as in a ratio of two risks:
-- 1/70 - 1/700 + 1/50 - 1/300. A rate has fixed totals: 10 of a base of 40 leave 10 x (1/10 - 1/40)^2
-- + 30 / 40^2 = 0.075. Two crimes of 100 and of 10 days are harm of 110 and variance of 10,100, of 310 and
-- 14,100 in all, in a base twice that.
with

worked (
    amount, variance, total, total_variance, base_amount, base_variance, base_total, base_total_variance,
    part, inside, expected_variance
) as (
    values
    (30.0, 30.0, 100.0, 100.0, 120.0, 120.0, 1000.0, 1000.0, 1, 1, 0.019),
    (30.0, 30.0, 100.0, 100.0, 50.0, 50.0, 300.0, 300.0, 1, 1, 0.012),
    (70.0, 70.0, 700.0, 700.0, 50.0, 50.0, 300.0, 300.0, 1, 0, 1 / 70.0 - 1 / 700.0 + 1 / 50.0 - 1 / 300.0),
    (10.0, 10.0, 5000.0, 0.0, 40.0, 40.0, 30000.0, 0.0, 0, 1, 0.075),
    (
        110.0, 10100.0, 310.0, 14100.0, 220.0, 20200.0, 620.0, 28200.0, 1, 1,
        10100 * power(1 / 220.0 - 1 / 620.0, 2) * 2 + 4000 * power(1 / 620.0, 2) * 2
    )
)

select *
from worked
where abs(power({{ quotient_log_error() }}, 2) - expected_variance) > 1e-9
