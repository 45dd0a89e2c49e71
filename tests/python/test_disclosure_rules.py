"""The rules of disclosure control, each on a table that can be worked out by hand."""

import re

import duckdb
import numpy as np
import pytest

from swp.paths import PROJECT
from swp.publishing import disclosure
from swp.publishing.disclosure.bounds import UNBOUNDED, Sums, propagate
from swp.publishing.disclosure.suppression import Shown, is_small, suppress
from swp.publishing.handling import Handling, stated
from swp.publishing.profiles import PROFILES


def sums_of(*sums: tuple[int, list[int], bool]) -> Sums:
    """Sums as (parent, children, has a rest), by numbers of cells."""
    return Sums(
        parent=np.array([parent for parent, _, _ in sums]),
        has_rest=np.array([has_rest for _, _, has_rest in sums]),
        sum_of=np.array([number for number, (_, children, _) in enumerate(sums) for _ in children]),
        child=np.array([child for _, children, _ in sums for child in children]),
    )


def hidden_of(amounts, *sums, figures=None, worth=None, **options) -> list[int]:
    """The numbers of the cells that are hidden where each figure shows one cell, or those of `figures`."""
    figures = figures or [[cell] for cell in range(len(amounts))]
    shown = Shown(
        figure=np.array([number for number, cells in enumerate(figures) for _ in cells]),
        cell=np.array([cell for cells in figures for cell in cells]),
        part_of=np.arange(len(figures)),
        cells=len(amounts),
        worth=np.array(worth or [1] * len(figures)),
    )
    outcome = suppress(np.array(amounts, float), sums_of(*sums), shown, **options)
    return np.flatnonzero(outcome.cells).tolist()


def test_counts_from_one_to_four_are_small_and_nought_is_not():
    assert is_small(np.array([0, 1, 4, 5, 0.4, 4.6, 12])).tolist() == [
        False, True, True, False, True, True, False,
    ]  # fmt: skip


def test_a_second_part_of_the_sum_goes_with_a_small_one_and_it_is_the_smallest():
    # 3 + 20 + 40 = 63: with the 3 alone gone it is 63 - 60.
    assert hidden_of([3, 20, 40, 63], (3, [0, 1, 2], False)) == [0, 1]


def test_two_small_parts_that_make_less_than_four_take_a_third_with_them():
    # 1 + 2: what is left of 43 would be 3, so that neither could be 4.
    assert hidden_of([1, 2, 40, 43], (3, [0, 1, 2], False)) == [0, 1, 2]


def test_a_complement_goes_with_the_small_count():
    # Of 100 residents are all but 2: both or neither.
    assert hidden_of([98, 2, 100], (2, [0, 1], False)) == [0, 1]


def test_overlapping_parts_hide_nothing_but_themselves():
    # A crime may be of several strands: each is within the whole, and no sum gives the small one away.
    assert hidden_of([3, 20, 25], (2, [0], True), (2, [1], True)) == [0]


def test_nested_areas_take_a_second_one_in_each_direction():
    # Two wards of two LSOAs: 2 + 10 = 12, 20 + 30 = 50, and all four make 62.
    amounts = [2, 10, 20, 30, 12, 50, 62]
    hidden = hidden_of(amounts, (4, [0, 1], False), (5, [2, 3], False), (6, [0, 1, 2, 3], False))
    assert hidden == [0, 1]


def test_a_table_of_rows_and_columns_keeps_a_small_cell_open_from_nought_to_four():
    # 3 10 13 / 9 20 29 / 12 30 42: the other three cells have to go.
    amounts = [3, 10, 9, 20, 13, 29, 12, 30, 42]
    sums = [(4, [0, 1], False), (5, [2, 3], False), (6, [0, 2], False), (7, [1, 3], False)]
    assert hidden_of(amounts, *sums, (8, [4, 5], False)) == [0, 1, 2, 3]


def test_what_is_large_and_has_no_small_neighbour_stays():
    # 20 + 30 = 50 and 3 + 9 = 12 make 62: only the line of the 3 is touched.
    amounts = [20, 30, 50, 3, 9, 12, 62]
    sums = [(2, [0, 1], False), (5, [3, 4], False), (6, [2, 5], False)]
    assert hidden_of(amounts, *sums) == [3, 4]


def test_parts_further_off_go_before_a_whole():
    # Without the 3 and the 9 the 12 tells them by the 20 and the 29: the 30 that is left goes, not the 12.
    amounts = [3, 9, 12, 20, 29, 30, 50]
    sums = [(2, [0, 1], False), (4, [1, 3], False), (6, [3, 5], False)]
    assert hidden_of(amounts, *sums) == [0, 1, 3, 5]


def test_what_readers_look_for_first_goes_last():
    # Of 20 and 21 the smaller would go, were it not worth more.
    amounts, line = [3, 20, 21, 44], (3, [0, 1, 2], False)
    assert hidden_of(amounts, line, worth=[1, 10, 1, 100]) == [0, 2]


def test_a_part_of_nought_covers_nothing():
    # A hidden nought whose whole is shown as nought is known: 3 + 0 is 3, so the 20 has to go.
    amounts, line = [3, 0, 20, 23], (3, [0, 1, 2], False)
    known = np.array([False, True, False, False])
    assert hidden_of(amounts, line, figures=[[0, 1], [2], [3]], shown_before=known) == [0, 2]


def test_a_figure_is_hidden_with_all_that_it_shows():
    # The share shows a count of 2 and its base of 60; the base is shown by the other share too.
    assert hidden_of([2, 60, 58], (1, [0, 2], False), figures=[[0, 1, 2], [1]]) == [0, 2]
    assert hidden_of([2, 60, 58], (1, [0, 2], False), figures=[[0, 1, 2]]) == [0, 1, 2]


def test_what_only_all_sums_together_give_away_is_proven_too():
    # 2 + 40 = 42 twice, 40 + 40 = 80: each sum by itself leaves 0 to 4 open, the three have one solution.
    amounts = [2, 40, 40, 42, 80, 42]
    sums = [(3, [0, 1], False), (4, [1, 2], False), (5, [0, 2], False)]
    assert hidden_of(amounts, *sums, prove=False) == [0, 1, 2]
    assert len(hidden_of(amounts, *sums)) > 3


def test_what_an_earlier_publication_hid_stays_hidden():
    amounts, line = [3, 20, 21, 44], (3, [0, 1, 2], False)
    assert hidden_of(amounts, line) == [0, 1]
    before = np.array([False, False, True, False])
    assert hidden_of(amounts, line, hidden_before=before) == [0, 2]


def test_what_an_earlier_publication_showed_protects_nothing():
    amounts, line = [3, 20, 21, 44], (3, [0, 1, 2], False)
    known = np.array([False, True, False, False])
    assert hidden_of(amounts, line, shown_before=known) == [0, 2]


def test_bounds_of_a_sum_are_those_worked_by_hand():
    # a + b = 10 and b at most 4: a is 6 to 10.
    lower, upper = propagate(
        sums_of((2, [0, 1], False)), np.array([0, 0, 10.0]), np.array([UNBOUNDED, 4, 10.0])
    )
    assert lower.tolist() == [6, 0, 10]
    assert upper.tolist() == [10, 4, 10]


def test_every_table_of_marts_has_a_stated_handling():
    tables = sorted(path.stem for path in (PROJECT / "models" / "marts").rglob("*.sql"))
    assert tables
    assert [table for table in tables if stated(table) is None] == []


def test_lists_of_persons_and_places_stay_internal():
    assert stated("list_repeat_victims") is Handling.INTERNAL
    assert stated("a_table_of_tomorrow") is None


def test_core_and_measures_are_for_the_internal_profile_alone():
    for profile in PROFILES:
        assert profile.is_controlled is (profile.name != "internal")
        if profile.is_controlled:
            assert not {"core", "measures"} & set(profile.schemas)


NUMBERS = {
    "value": 30.0, "numerator": 30.0, "denominator": 101.0, "unknown_count": 7, "coverage_pct": 91.7,
    "ci_lower": 20.0, "ci_upper": 40.0, "previous_value": 25.0, "change_pct": 20.0,
}  # fmt: skip


@pytest.fixture
def figures():
    """One figure of each unit, of which the suppression can be chosen."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create temp table figures as
            select
                unit as observation_key, unit || '_measure' as measure_id, unit, 'review_year' as period_type,
                date '2022-10-01' as period_start, date '2023-09-30' as period_end, 'borough' as area_type,
                'B' as area_code, '2009' as geography_vintage, 'all' as breakdown, 'all' as category,
                'all' as breakdown_2, 'all' as category_2,
                case unit when 'percent' then 100 * 33 / 101.0 else 33.0 end as value, 33.0 as numerator,
                case unit when 'percent' then 101.0 end as denominator, 7 as unknown_count,
                91.7 as coverage_pct,
                20.0 as ci_lower, 40.0 as ci_upper, 27.0 as previous_value, 22.2 as change_pct,
                true as change_is_beyond_chance, 'ok' as status,
                'The field is lacking in all 3 records.' as status_reason, 'counted' as handling
            from (values ('count'), ('percent')) as units (unit)
            """
        )
        connection.execute("create temp table suppressed (observation_key varchar, side varchar)")
        yield connection


def controlled(connection, rounded_to, unit):
    disclosure.apply(connection, rounded_to)
    row = connection.execute("select * from controlled where unit = $1", [unit])
    return dict(zip([column[0] for column in row.description], row.fetchone(), strict=True))


@pytest.mark.parametrize("rounded_to", [1, 5])
def test_a_hidden_figure_keeps_no_number_and_one_reason(figures, rounded_to):
    figures.execute("insert into suppressed values ('percent', 'now')")
    row = controlled(figures, rounded_to, "percent")

    assert [name for name in NUMBERS if row[name] is not None] == []
    assert row["change_is_beyond_chance"] is None
    assert (row["status"], row["status_reason"]) == ("suppressed", disclosure.REASON)


def test_a_hidden_year_before_takes_the_change_and_nothing_else(figures):
    figures.execute("insert into suppressed values ('count', 'before')")
    row = controlled(figures, 1, "count")

    assert (row["previous_value"], row["change_pct"], row["change_is_beyond_chance"]) == (None, None, None)
    assert (row["value"], row["status"]) == (33, "ok")


def test_a_hidden_unknown_is_left_out_by_itself(figures):
    figures.execute("insert into suppressed values ('count', 'unknown')")
    row = controlled(figures, 1, "count")

    assert (row["unknown_count"], row["value"]) == (None, 33)


@pytest.mark.parametrize(
    ("count", "published"), [(0, 0), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (27, 25), (28, 30)]
)
def test_public_counts_are_rounded_to_five_and_partner_counts_are_exact(figures, count, published):
    figures.execute("update figures set value = $1, numerator = $1 where unit = 'count'", [count])

    assert controlled(figures, 5, "count")["value"] == published
    assert controlled(figures, 1, "count")["value"] == count


def test_public_shares_and_intervals_are_those_of_the_rounded_counts(figures):
    row = controlled(figures, 5, "percent")

    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (35, 100, 5)
    assert row["value"] == 35
    # Wilson's interval of 35 in 100.
    assert (round(row["ci_lower"], 1), round(row["ci_upper"], 1)) == (26.4, 44.7)


def test_public_changes_are_those_of_the_rounded_counts(figures):
    row = controlled(figures, 5, "count")

    assert (row["value"], row["previous_value"], row["change_pct"]) == (35, 25, 40)
    # 35 and 25 do not differ beyond chance: 10 is less than 1.96 times the root of 60.
    assert row["change_is_beyond_chance"] is False


def test_a_reason_tells_no_count(figures):
    assert not re.search(r"\d", controlled(figures, 1, "count")["status_reason"])
