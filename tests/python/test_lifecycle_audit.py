"""Whoever changes a home is written down, with counts and without persons; a changed trail is found out."""

import json
from datetime import date

import pytest

from conftest import STREET, street_rows, table, with_cells
from lifecycle_files import FORMATS, HEADINGS, REFERENCE, SURNAME, cases
from swp import trail, vault
from swp.cli import main
from swp.lifecycle import compaction
from swp.lifecycle.publications import record

pytestmark = pytest.mark.usefixtures("plain_judge")


@pytest.fixture
def busy(shop, capsys):
    """A home in which everything but a build was done."""
    street = with_cells(street_rows(40), STREET, "Crime type", {3: "Tax fraud"})
    paths = [
        shop.put("cases.csv", table(HEADINGS, cases())),
        shop.put("2023-01-metropolitan-street.csv", table(STREET, street)),
        shop.put("holidays.csv", b"where,when\nBrighton,June\n"),
    ]
    assert main(["land", "--published", "2023-03-31", *map(str, paths)]) == 1
    dates = ["--asked-on", "2023-10-02", "--expires-on", "2099-06-30"]
    gap = ["gap", "add", "police_uk_street", "period", "--owner", "analyst", "--reason", "later", *dates]
    erase = ["erase", REFERENCE, "--agency", "peabody"]
    for command in (gap, ["gap", "close", "G001"], [*erase, "--dry-run"], erase, erase, ["retain"]):
        assert main(command) == 0
    assert main(["withdraw", "D0002", "--reason", "sent twice"]) == 0
    record(shop.home, "20240101T000000Z", rolled_back=False)
    capsys.readouterr()
    return shop


def test_each_change_is_one_event_and_nothing_else_is(busy, capsys):
    assert main(["audit", "--json"]) == 0
    told = capsys.readouterr().out
    events = [json.loads(line) for line in told.splitlines()]
    assert [(event["command"], event["delivery_ids"], event["detail"]) for event in events] == [
        ("land", ["D0001"], "rsl_asb_case: accepted_with_warnings"),
        ("land", ["D0002"], "police_uk_street: accepted_with_warnings"),
        ("land", ["D0003"], "unknown source: rejected"),
        ("gap", [], "G001 registered"),
        ("gap", [], "G001 closed"),
        ("erase", ["D0001"], "peabody"),
        ("withdraw", ["D0002"], "police_uk_street"),
        ("publish", [], "20240101T000000Z"),
    ]
    assert events[1]["counts"] == {"rows_accepted": 39, "rows_set_aside": 1}
    assert {event["actor"] for event in events} == {trail.actor()}
    assert not any(word in told for word in (REFERENCE, SURNAME))
    assert main(["audit"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 8


@pytest.mark.parametrize(
    "change",
    [
        "update vault.ledger.events set actor = 'somebody' where event_id = 3",
        "update vault.ledger.events set counts = map(['rows'], [1::bigint]) where event_id = 6",
        "delete from vault.ledger.events where event_id = 2",
    ],
)
def test_a_trail_that_was_changed_is_found_out(shop, capsys, change):
    with vault.opened(shop.home) as connection:
        for number in range(6):
            trail.record(connection, "land", delivery_ids=[f"D000{number}"], rows=number)
        assert trail.first_broken(trail.every(connection)) is None
        connection.execute(change)
    assert main(["audit"]) == 1
    assert "The trail was changed: event" in capsys.readouterr().err


def test_the_erased_and_retired_leave_no_bytes_in_the_vault(shop, capsys):
    """The file is written anew; every table, view, macro and key of it is still there, and the key fits."""
    shop.land_one("cases.csv", table(HEADINGS, cases()), published=date(2010, 1, 1))
    with vault.opened(shop.home) as connection:
        things = "select (select count(*) from duckdb_{}() where database_name = 'vault')"
        counted = [things.format(kind) for kind in ("tables", "views", "constraints")]
        before = [connection.execute(query).fetchone() for query in counted]
        connection.execute(
            "create table vault.raw.ballast as select range as n, random() as x from range(200000)"
        )
        connection.execute("drop table vault.raw.ballast")
    size, mode = shop.home.vault.stat().st_size, shop.home.vault.stat().st_mode
    assert main(["retain"]) == 0
    assert "1 deliveries (12 rows) are retired" in capsys.readouterr().out
    assert shop.home.vault.stat().st_size < size
    assert shop.home.vault.stat().st_mode == mode
    assert not list(shop.home.scratch.iterdir())
    with vault.opened(shop.home) as connection:
        assert [connection.execute(query).fetchone() for query in counted] == before
        assert connection.execute("select vault.rules.clean(' a ', [])").fetchone() == ("a",)


def test_a_full_disk_leaves_the_vault_as_it_was(shop, monkeypatch, capsys):
    shop.land_one("cases.csv", table(HEADINGS, cases()))
    (shop.home.inbox / "cases.zip").write_bytes(FORMATS["cases.zip"](cases()))
    assert main(["erase", REFERENCE, "--agency", "peabody", "--dry-run"]) == 0
    assert "Remove them: cases.zip" in capsys.readouterr().out
    assert not list(shop.home.scratch.iterdir())
    monkeypatch.setattr(compaction, "literal", lambda text: "'/nowhere/vault.duckdb'")
    assert main(["erase", REFERENCE, "--agency", "peabody"]) == 1
    assert "run the same command again" in capsys.readouterr().err
    assert shop.one("select count(*) from vault.raw.rsl_asb_case") == 10


def test_a_row_that_is_missing_is_found_out(shop, capsys):
    shop.land_one("cases.csv", table(HEADINGS, cases()))
    shop.execute("delete from vault.raw.rsl_asb_case where row_number = 4")
    assert main(["audit"]) == 1
    assert "Rows are missing" in capsys.readouterr().err


def test_what_happened_and_its_event_commit_together(shop, monkeypatch):
    def cut(*given, **named):
        raise KeyboardInterrupt

    monkeypatch.setattr(trail, "record", cut)
    with pytest.raises(KeyboardInterrupt):
        shop.land_one("cases.csv", table(HEADINGS, cases()))
    assert shop.one("select count(*) from vault.ledger.deliveries") == 0
