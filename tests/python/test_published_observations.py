"""What readers had last is remembered from the current publication, and forgotten with it."""

import duckdb
import pytest

from swp import published_observations
from swp.paths import Home
from swp.publishing import folders

LEDGER = """
    attach ':memory:' as vault;
    create schema vault.ledger;
"""


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path).ensure()


@pytest.fixture
def ledger():
    """A connection whose vault has the ledger table alone, as `ledger.sql` makes it."""
    with duckdb.connect() as connection:
        connection.execute(LEDGER)
        script = (folders.Path(published_observations.__file__).parent / "ledger.sql").read_text()
        start = script.index("create table if not exists vault.ledger.published_observations")
        connection.execute(script[start : script.index(";", start)])
        yield connection


def publish(home: Home, publication_id: str, value: float, table: str = "measures_all") -> None:
    """A publication of one observation, pointed at by `current`."""
    internal = home.published / publication_id / "internal"
    internal.mkdir(parents=True)
    (home.published / publication_id / folders.MANIFEST).write_text(
        f'{{"id": "{publication_id}", "tables": [], "files": [], "profiles": ["internal"]}}'
    )
    with duckdb.connect(str(internal / "community_safety.duckdb")) as connection:
        connection.execute("create schema measures")
        connection.execute(f"""
            create table measures.{table} as select
                'K' as observation_key, 'm' as measure_id, 'review_year' as period_type,
                date '2022-10-01' as period_start, date '2023-09-30' as period_end, 'borough' as area_type,
                'E09000033' as area_code, 'Westminster' as area_name, '2009' as geography_vintage,
                'all' as breakdown, 'all' as category, 'all' as breakdown_2, 'all' as category_2,
                {value}::double as value, 'ok' as status, 'd' as definition_id, 'S1' as source_ids,
                date '2023-12-01' as as_at_date
        """)
    folders.point_current(home, publication_id)


def remembered(ledger) -> list[tuple]:
    return ledger.execute("select publication_id, value from vault.ledger.published_observations").fetchall()


def test_the_current_publication_is_remembered_and_the_one_gone_back_to(home, ledger):
    publish(home, "20240101T000000Z", 1)
    assert published_observations.remember(ledger, home) == "20240101T000000Z"
    publish(home, "20240201T000000Z", 2)
    published_observations.remember(ledger, home)
    assert remembered(ledger) == [("20240201T000000Z", 2)]
    folders.rollback(home)
    published_observations.remember(ledger, home)
    assert remembered(ledger) == [("20240101T000000Z", 1)]


def test_nothing_is_remembered_where_nothing_is_published(home, ledger):
    assert published_observations.remember(ledger, home) is None
    assert remembered(ledger) == []


def test_a_publication_that_cannot_be_read_is_not_mistaken_for_the_one_before(home, ledger):
    publish(home, "20240101T000000Z", 1)
    published_observations.remember(ledger, home)
    publish(home, "20240201T000000Z", 2, table="of_an_older_version")
    assert published_observations.remember(ledger, home) is None
    assert remembered(ledger) == []
