"""An attacker with a linear program against what is published."""

import itertools

import duckdb
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from swp.publishing import attack, disclosure

COLUMNS = """
    observation_key varchar, measure_id varchar, unit varchar, period_type varchar, period_start date,
    period_end date, area_type varchar, area_code varchar, area_name varchar, geography_vintage varchar,
    breakdown varchar, category varchar, breakdown_2 varchar, category_2 varchar, value double,
    numerator double, denominator double, unknown_count bigint, coverage_pct double,
    ci_lower double, ci_upper double,
    previous_value double, change_pct double, change_is_beyond_chance boolean, status varchar,
    status_reason varchar, as_at_date date, handling varchar
"""
WARDS, SEXES, AGES = ("W1", "W2", "W3"), ("female", "male"), ("young", "middle", "old")


def warehouse_of(counts: dict[tuple[str, str, str], int], unknown: int = 0) -> duckdb.DuckDBPyConnection:
    """A connection with figures of `counts` (ward, sex, age): of wards, their borough, and every margin."""
    connection = duckdb.connect()
    connection.execute(f"create temp table figures ({COLUMNS})")
    connection.execute(
        """
        create temp table places as
        select 'ward' as area_type, unnest(['W1', 'W2', 'W3']) as area_code, '2022' as geography_vintage,
            'borough' as parent_type, 'B' as parent_code, '2009' as parent_vintage
        """
    )
    connection.execute(
        """
        create temp table parts (
            breakdown varchar, category varchar, part_breakdown varchar, part_category varchar
        )
        """
    )
    rows = []
    for ward, sex, age in itertools.product((None, *WARDS), (None, *SEXES), (None, *AGES)):
        cells = [
            count
            for (of_ward, of_sex, of_age), count in counts.items()
            if ward in (None, of_ward) and sex in (None, of_sex) and age in (None, of_age)
        ]
        rows.append((ward, sex, age, sum(cells)))
    bases = {(ward, age): count for ward, sex, age, count in rows if sex is None}
    for ward, sex, age, count in rows:
        place = ("ward", ward, ward, "2022") if ward else ("borough", "B", "B", "2009")
        lines = ("sex" if sex else "all", sex or "all", "age_band" if age else "all", age or "all")
        key = f"{ward}-{sex}-{age}"
        figures = [("victims", "count", count, count, None)]
        if sex:
            base = bases[ward, age]
            figures.append(("share_of_victims", "percent", 100 * count / base if base else None, count, base))
        for measure, unit, value, numerator, denominator in figures:
            rows_of = [
                f"{measure}-{key}", measure, unit, "review_year", "2022-10-01", "2023-09-30", *place, *lines,
                value, numerator, denominator, unknown, 100, None, None, None, None, None, "ok", None,
                "2023-12-01", "counted",
            ]  # fmt: skip
            connection.execute(f"insert into figures values ({', '.join('?' * len(rows_of))})", rows_of)
    disclosure.relate(connection)
    return connection


def attacked(counts, secondary: bool = True, rounded_to: int = 1):
    """The outcome of the attack on the figures of `counts`, and how many small counts it recovers."""
    with warehouse_of(counts) as connection:
        disclosure.work_out(connection, secondary)
        disclosure.apply(connection, rounded_to)
        connection.execute("create temp table published as from controlled")
        return attack.of_published(connection, rounded_to)


def spread(numbers) -> dict[tuple[str, str, str], int]:
    return dict(zip(itertools.product(WARDS, SEXES, AGES), numbers, strict=True))


tables = st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 14, 30, 80]), min_size=18, max_size=18).map(
    spread
)


@settings(max_examples=6, deadline=None)
@given(tables, st.sampled_from([1, 5]))
def test_no_small_count_of_a_random_table_is_recovered(counts, rounded_to):
    outcome, small = attacked(counts, rounded_to=rounded_to)

    assert small == 0
    assert outcome.unsolved == 0


def test_without_secondary_suppression_the_attack_recovers_counts(capsys):
    counts = spread([1, 40, 30, 60, 50, 20, 25, 30, 45, 12, 18, 33, 28, 36, 41, 52, 19, 27])

    bare, small = attacked(counts, secondary=False)
    kept, none = attacked(counts)

    print(f"without secondary suppression: {bare}; with it: {kept}")
    assert small > 0
    assert none == 0
    assert len(kept.tried) > len(bare.tried)
    assert "hidden cells tried" in capsys.readouterr().out


def test_the_attack_solves_a_table_that_is_known_by_hand():
    # 10 = a + b and 7 = a + c with b at most 4 leaves a from 6 to 7, b from 3 to 4, c from 0 to 1.
    sums = disclosure.Sums(
        parent=np.array([3, 4]),
        has_rest=np.array([False, False]),
        sum_of=np.array([0, 0, 1, 1]),
        child=np.array([0, 1, 0, 2]),
    )
    lower = np.array([0, 0, 0, 10, 7], float)
    upper = np.array([1e9, 4, 1e9, 10, 7], float)

    outcome = attack.attack(sums, lower, upper, np.array([0, 1, 2]))

    assert outcome.lower.round(6).tolist() == [6, 3, 0]
    assert outcome.upper.round(6).tolist() == [7, 4, 1]
    assert outcome.recovered.tolist() == [0, 1, 2]
    assert outcome.recovered_as_small.tolist() == [1, 2]
