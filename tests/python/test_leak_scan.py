"""The scan finds each kind of identifying value wherever it lies, and nothing in what tells nothing."""

import zipfile

import duckdb
import pytest

from conftest import MARKER, Workshop
from swp import leak_scan, vault

GIVEN, FAMILY = MARKER.split()
DELIVERED = {
    "crime_ref": "6500123/23",
    "victim_key": "MPS50631699",
    "organisation_name": "Church",
    "given_name": GIVEN,
    "family_name": FAMILY,
    "birth_date": "30/06/1962",
    "residence_postcode": "ZZ20 9BU",
    "residence_address": "Flat 1 39 Wexlby Place",
}
FREE_TEXT = "She told the crew that her neighbour had seen it happen twice"


# What is written outside the vault, and of which contract column it is found to be.
LEAKS = {
    "see 6500123/23": "cris_victim.crime_ref",
    "mps50631699": "cris_victim.victim_key",
    "at ZZ209BU.": "cris_victim.residence_postcode",
    "FLAT 1, 39 WEXLBY PLACE": "cris_victim.residence_address",
    f"told by {GIVEN.lower()} {FAMILY.upper()}": "cris_victim.given_name and family_name",
    FAMILY: "cris_victim.family_name",
    f"Note: {FREE_TEXT}": "lfb_animal_rescue.final_description",
    "marker@example.org": "cris_victim, an unexpected column",
    "write to someone.else@example.org": "e-mail address",
    "call 020 7946 0123 now": "telephone number",
    "AB 12 34 56 C": "National Insurance number",
}
HARMLESS = ("Church", "the marker", "39 Place", "65001", "Burglary", "a" * 32, "2023-01-15", "QQ 12 34 56 C")


@pytest.fixture(scope="module")
def filled(stocked_home, key_folder):
    """A vault that holds a person, a free text, an unexpected column and birth dates."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWP_HOME", str(stocked_home.root))
        patch.setenv("SWP_KEYS", str(key_folder))
        with vault.opened(stocked_home) as connection:
            connection.execute(
                f"insert into vault.raw.cris_victim ({', '.join(DELIVERED)}, _extra) "
                f"values ({', '.join('?' * len(DELIVERED))}, map {{'Contact': 'marker@example.org'}})",
                list(DELIVERED.values()),
            )
            connection.execute(
                "insert into vault.raw.lfb_animal_rescue (final_description) values (?)", [FREE_TEXT]
            )
            connection.execute("insert into vault.raw.cris_crime (venue_type) values ('Church')")
            connection.execute(
                "insert into vault.raw.cris_suspect (birth_date) "
                "select strftime(date '1970-01-01' + range::integer, '%d/%m/%Y') from range(40)"
            )


@pytest.fixture
def leaking(filled, stocked) -> Workshop:
    stocked.home.warehouse.unlink(missing_ok=True)
    return stocked


def found(shop: Workshop) -> list[tuple[str, str]]:
    return sorted((leak.place, leak.kind) for leak in leak_scan.scan(shop.home, ()).leaks)


def test_each_kind_is_found_and_what_tells_nothing_is_not(leaking):
    texts = dict(enumerate((*LEAKS, *HARMLESS)))
    with duckdb.connect(str(leaking.home.warehouse)) as connection:
        columns = ", ".join(f"? as text_{number:02}" for number in texts)
        connection.execute(f"create table notes as select {columns}", list(texts.values()))
        for name, first in (("birth_days", "1970-01-05"), ("call_days", "2023-01-01")):
            connection.execute(
                f"create table {name} as select date '{first}' + range::integer as day from range(30)"
            )
    wanted = [
        (f"warehouse.duckdb: main.notes.text_{number:02}", kind) for number, kind in enumerate(LEAKS.values())
    ]
    # An unexpected column that holds an e-mail address is found as both.
    wanted.append((wanted[7][0], "e-mail address"))
    wanted.append(("warehouse.duckdb: main.birth_days.day", "birth dates or coordinates"))
    assert found(leaking) == sorted(wanted)


def test_files_are_looked_into_and_no_value_is_printed(leaking, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(leak_scan, "PROJECT", tmp_path)
    (leaking.home.reports / "D0001-a.txt").write_text(f"row 2: {MARKER}\n", encoding="utf-8")
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "dbt.log").write_text("ok\nConversion Error: 'MPS50631699'\n", encoding="utf-8")
    with zipfile.ZipFile(logs / "book.xlsx", "w") as book:
        book.writestr("xl/sharedStrings.xml", "<t>ZZ20</t><t>ZZ20 9BU</t>")
    published = leaking.home.published / "20230101T000000Z" / "internal"
    published.mkdir(parents=True)
    with duckdb.connect(str(published / "community_safety.duckdb")) as connection:
        connection.execute(f"create table notes as select '{MARKER}' as note")
        connection.execute(f"copy notes to '{published / 'notes.parquet'}'")
    assert leak_scan.main([]) == 1
    told = capsys.readouterr().out
    for place in (
        "D0001-a.txt: 1 ",
        "logs/dbt.log: 1 ",
        "logs/book.xlsx: 1 ",
        "community_safety.duckdb: main.notes.note: 1 ",
        "notes.parquet: note: 1 ",
    ):
        assert place in told
    assert GIVEN not in told
    assert "MPS50631699" not in told
