"""What disclosure control leaves of the sample: of use to a reader, and not given away by any sum."""

import numpy as np
import pytest

from swp.publishing import disclosure
from swp.publishing.disclosure.bounds import propagate
from swp.publishing.disclosure.suppression import is_small, known_bounds

HEADLINES = ("crimes_recorded", "crimes_per_day", "offence_share_of_crime")


@pytest.fixture(scope="module")
def worked_out(sample_home):
    """The figures of the sample with what is to be hidden, as partners would get them."""
    connection = sample_home.connection.cursor()
    disclosure.prepare(connection)
    disclosure.relate(connection)
    # Without the proof, which takes minutes here: `swp publish` makes it, and says what it left unproved.
    outcome = disclosure.work_out(connection, prove=False)
    disclosure.apply(connection, rounded_to=1)
    yield connection, outcome
    connection.close()


def test_every_small_count_can_be_hidden(worked_out):
    _, outcome = worked_out
    assert outcome.primary.any()
    assert not outcome.given_away.any()
    assert not (outcome.primary & ~outcome.cells).any()


def test_without_secondary_suppression_the_sample_gives_small_counts_away(worked_out):
    connection, _ = worked_out
    amounts, sums = disclosure.amounts_of(connection), disclosure.sums_of(connection)
    hidden = is_small(amounts)

    lower, upper = known_bounds(amounts, hidden)
    lower, upper = propagate(sums, np.nan_to_num(lower), upper)

    assert (hidden & ((lower > 0.5) | (upper < 3.5))).sum() > 100


@pytest.mark.parametrize("measure", HEADLINES)
def test_what_readers_look_for_first_is_shown(worked_out, measure):
    connection, _ = worked_out
    rows = connection.execute(
        """
        select status, value from controlled
        where measure_id = $1 and area_type = 'borough' and period_type = 'review_year'
            and category in ('all', 'violence_against_the_person', 'theft') and category_2 = 'all'
            and period_start = (select max(period_start) from controlled where period_type = 'review_year')
        """,
        [measure],
    ).fetchall()

    assert rows
    assert [row for row in rows if row[0] == "suppressed" or row[1] is None] == []


def test_little_is_hidden_of_boroughs_and_less_than_half_of_all(worked_out):
    connection, _ = worked_out
    of_boroughs, of_all = connection.execute(
        """
        select
            avg(is_hidden) filter (area_type = 'borough' and (breakdown = 'all' or breakdown_2 = 'all')),
            avg(is_hidden)
        from (select *, (status = 'suppressed')::integer as is_hidden from controlled)
        """
    ).fetchone()

    assert of_boroughs < 0.2
    assert of_all < 0.5
