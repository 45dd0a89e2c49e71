-- Wilson: 40 of 100 is 30.9 to 49.8 per cent; 81 of 263 and 15 of 148 are the examples of Newcombe (1998).
-- Byar: a count of 10 is 4.8 to 18.4, one of 100 is 81.4 to 121.6 (public health technical guides).
with

proportions (numerator, denominator, expected_lower, expected_upper) as (
    values
    (40, 100, 30.9, 49.8),
    (0, 10, 0.0, 27.8),
    (10, 10, 72.2, 100.0),
    (81, 263, 25.5, 36.6),
    (15, 148, 6.2, 16.0)
),

counts (counted, expected_lower, expected_upper) as (
    values
    (10, 4.8, 18.4),
    (100, 81.4, 121.6)
),

bounds as (
    select
        'wilson ' || numerator || ' of ' || denominator as example,
        expected_lower,
        expected_upper,
        100 * {{ wilson_bound('numerator', 'denominator', '-') }} as lower_bound,
        100 * {{ wilson_bound('numerator', 'denominator', '+') }} as upper_bound
    from proportions
    union all
    select
        'byar ' || counted as example,
        expected_lower,
        expected_upper,
        {{ byar_bound('counted', '-') }} as lower_bound,
        {{ byar_bound('counted', '+') }} as upper_bound
    from counts
)

select * from bounds
where
    round(lower_bound, 1) is distinct from expected_lower
    or round(upper_bound, 1) is distinct from expected_upper
