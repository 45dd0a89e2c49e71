"""An agency gets its own references of a list, nobody else's, where its contract allows and for its eyes."""

import csv

import duckdb
import pytest

from conftest import table
from lifecycle_files import HEADINGS, cases, place_of
from swp import trail, vault
from swp.errors import SwpError, WrongUse
from swp.landing import land
from swp.lifecycle import tombstones
from swp.lifecycle.handback import handback
from swp.paths import PROJECT

pytestmark = pytest.mark.usefixtures("plain_judge")


@pytest.fixture
def connection(shop):
    """Cases of Peabody and of Octavia; three of Peabody's persons and one of Octavia's stand on lists."""
    rows = cases(8, sought=())
    rows[5][place_of("complainant_ref")] = "=PEA-5"
    rows[7][place_of("landlord")], rows[7][place_of("complainant_ref")] = "Octavia", "OCT-1"
    with vault.opened(shop.home) as connection:
        land(connection, shop.home, [shop.put("cases.csv", table(HEADINGS, rows))])
        tombstones.prepare(connection, shop.home)
        listed = [("peabody", "PEA-000001"), ("peabody", "=PEA-5"), ("peabody", "GONE"), ("octavia", "OCT-1")]
        keys = [
            (agency, connection.execute("select person_hmac(?)", [f"{agency}|{ref}"]).fetchone()[0])
            for agency, ref in listed
        ]
        connection.execute(
            "create table vault.intermediate.int_persons__keys (own_key varchar, person_key varchar)"
        )
        connection.executemany(
            "insert into vault.intermediate.int_persons__keys values (?, 'p' || ?)", [[k, k] for _, k in keys]
        )
        with duckdb.connect(str(shop.home.warehouse)) as warehouse:
            warehouse.execute("create schema marts")
            warehouse.execute("""
                create table marts.list_repeat (
                    person_key varchar, agency varchar, person_key_agency varchar, rule varchar,
                    threshold_met_date date, marac_cases integer
                )
            """)
            warehouse.executemany(
                """
                insert into marts.list_repeat
                values ('p' || $2, $1, $2, 'three in a year', date '2023-01-05', 9)
                """,
                [list(each) for each in keys],
            )
            warehouse.execute(
                "create table marts.list_people as select person_key, rule from marts.list_repeat"
            )
            warehouse.execute("create table marts.list_nothing as select rule from marts.list_repeat")
        yield connection


def written(path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_only_its_own_references_and_no_more_of_the_list(shop, connection, tmp_path):
    given = handback(connection, shop.home, "list_repeat", "peabody", output=tmp_path / "out.csv")
    assert written(given.path) == [
        ["reference", "rule", "threshold_met_date"],
        ["'=PEA-5", "three in a year", "2023-01-05"],
        ["PEA-000001", "three in a year", "2023-01-05"],
    ]
    assert (given.references, given.entries, given.entries_without) == (2, 3, 1)
    assert given.path.stat().st_mode & 0o777 == 0o600
    other = handback(connection, shop.home, "list_repeat", "octavia", output=tmp_path / "other.csv")
    assert [row[0] for row in written(other.path)] == ["reference", "OCT-1"]


def test_a_list_of_persons_across_agencies_gives_the_references_that_are_linked_to_them(
    shop, connection, tmp_path
):
    given = handback(connection, shop.home, "list_people", "octavia", output=tmp_path / "out.csv")
    assert written(given.path) == [["reference", "rule"], ["OCT-1", "three in a year"]]


def test_a_case_reference_stands_for_an_address(shop, connection, tmp_path):
    """Of a place the agency knows the cases: here the landlord's list of addresses."""
    connection.execute("""
        create table vault.intermediate.int_asb_incidents__repeat_locations as
        select delivery_id, row_number, if(row_number < 5, 'here', 'there') as location_key
        from vault.raw.rsl_asb_case
    """)
    with duckdb.connect(str(shop.home.warehouse)) as warehouse:
        warehouse.execute("""
            create table marts.list_addresses as
            select 'here' as location_key, 'peabody' as agency, 'ten in a year' as rule
        """)
    given = handback(connection, shop.home, "list_addresses", "peabody", output=tmp_path / "out.csv")
    assert [row[0] for row in written(given.path)[1:]] == [f"C2023-01-000{number}" for number in range(3)]


def test_a_dry_run_writes_nothing_and_a_second_run_the_same(shop, connection, tmp_path):
    path = tmp_path / "out.csv"
    planned = handback(connection, shop.home, "list_repeat", "peabody", output=path, dry_run=True)
    assert (planned.references, planned.done, path.exists()) == (2, False, False)
    assert not any(event.command == "handback" for event in trail.every(connection))
    handback(connection, shop.home, "list_repeat", "peabody", output=path)
    before = path.read_bytes()
    handback(connection, shop.home, "list_repeat", "peabody", output=path)
    assert path.read_bytes() == before
    events = [event for event in trail.every(connection) if event.command == "handback"]
    assert [(event.detail, event.counts) for event in events] == [
        ("list_repeat to peabody", {"references": 2, "entries": 3})
    ] * 2
    assert "PEA" not in repr(events)


def test_what_is_not_allowed_is_said_and_nothing_is_written(shop, connection, tmp_path):
    for name, agency, output, kind, words in (
        ("list_repeat", "marac", tmp_path / "out.csv", WrongUse, "No contract of 'marac' allows"),
        ("list_repeat", "nobody", tmp_path / "out.csv", WrongUse, "There is no agency 'nobody'"),
        (
            "list_all",
            "peabody",
            tmp_path / "out.csv",
            WrongUse,
            "Lists: list_nothing, list_people, list_repeat",
        ),
        ("list_nothing", "peabody", tmp_path / "out.csv", SwpError, "neither persons"),
        ("list_repeat", "peabody", PROJECT / "out.csv", WrongUse, "inside the repository"),
        ("list_repeat", "peabody", shop.home.published / "out.csv", WrongUse, "inside the home"),
        ("list_repeat", "peabody", tmp_path / "nowhere" / "out.csv", WrongUse, "There is no folder"),
    ):
        with pytest.raises(kind, match=words):
            handback(connection, shop.home, name, agency, output=output)
        assert not output.exists()
    assert not any(event.command == "handback" for event in trail.every(connection))
