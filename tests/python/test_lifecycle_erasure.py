"""An erased person is gone from raw, quarantine and archive, and no file brings the person back.

The tests of a module share a home in which one file has landed; each works on a copy, over one connection.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from conftest import MARKER, Workshop, _set_up, landing_into, table
from lifecycle_files import FORMATS, HEADINGS, REFERENCE, SURNAME, cases, everything, place_of
from swp import vault
from swp.errors import SwpError, WrongUse
from swp.landing import archive, land
from swp.lifecycle import erasure
from swp.lifecycle.balance import imbalances
from swp.paths import Home
from swp.steward.requeue import requeue
from swp.steward.withdrawal import withdraw

pytestmark = pytest.mark.usefixtures("plain_judge")

RAW = "vault.raw.rsl_asb_case"


@dataclass
class Vault:
    """A home and an open connection to its vault."""

    shop: Workshop
    connection: duckdb.DuckDBPyConnection

    @property
    def home(self) -> Home:
        return self.shop.home

    def land(self, name: str, content: bytes):
        (outcome,) = land(self.connection, self.home, [self.shop.put(name, content)])
        return outcome

    def erase(self, reference: str = REFERENCE, agency: str = "peabody", **options) -> erasure.Erasure:
        return erasure.erase(self.connection, self.home, reference, agency, **options)

    def rows(self, query: str, *values: object) -> list[tuple]:
        return self.connection.execute(query, values).fetchall()

    def one(self, query: str, *values: object):
        return self.rows(query, *values)[0][0]

    def tables(self) -> dict[str, list[tuple]]:
        """All rows of the vault's tables that hold any."""
        names = self.rows("""
            select schema_name || '.' || table_name from duckdb_tables()
            where database_name = 'vault' and estimated_size > 0 order by all
        """)
        return {name: self.rows(f"select * from vault.{name} order by all") for (name,) in names}

    def archive(self) -> list[Path]:
        return sorted(path for path in self.home.landed.rglob("*") if path.is_file())

    def holds_the_person(self) -> bool:
        """In any table of the vault, or any file of the archive?"""
        held = repr(self.tables()).encode() + everything(self.home.landed)
        return any(word.encode() in held for word in (REFERENCE, SURNAME))

    def is_balanced(self) -> bool:
        return not imbalances(self.connection)


@pytest.fixture(scope="module")
def landed_home(stocked_home, key_folder) -> Home:
    with landing_into(stocked_home, key_folder) as shop:
        shop.land_one("cases.csv", FORMATS["cases.csv"](cases()))
    return stocked_home


@pytest.fixture
def held(tmp_path, monkeypatch, landed_home, key_folder):
    """A home with twelve cases of which two are of the person."""
    home = Home(tmp_path / "home")
    shutil.copytree(landed_home.root, home.root)
    _set_up(monkeypatch, home, key_folder)
    with vault.opened(home) as connection:
        yield Vault(Workshop(home), connection)


@pytest.fixture
def empty(shop):
    with vault.opened(shop.home) as connection:
        yield Vault(shop, connection)


def test_in_every_format_the_person_leaves_and_no_file_brings_the_person_back(empty):
    """A month of each format; then the same files again, and changed ones."""
    months = {name: f"2023-{number:02d}" for number, name in enumerate(FORMATS, start=1)}
    given = {name: FORMATS[name](cases(month=month)) for name, month in months.items()}
    for name, content in given.items():
        assert empty.land(name, content).verdict == "accepted_with_warnings"
    others = empty.rows(f"select * from {RAW} where complainant_ref <> ? order by all", REFERENCE)
    assert empty.holds_the_person()
    gone = empty.erase()
    ids = [f"D{number:04d}" for number in range(1, 7)]
    assert (gone.done, gone.rows, gone.rows_quarantined, gone.files) == (True, 12, 0, ids)
    assert not empty.holds_the_person()
    assert empty.rows(f"select * from {RAW} order by all") == others
    assert all(path.stat().st_mode & 0o777 == 0o400 for path in empty.archive())
    assert empty.is_balanced()
    for name, content in given.items():
        assert empty.land(name, content).verdict == "already_landed"
    for name in ("cases.csv.gz", "cases.xlsx", "cases.parquet"):
        changed = empty.land(name, FORMATS[name](cases(14, months[name], sought=(1, 3, 13))))
        assert changed.inspection.rows_accepted == 14
        assert empty.one(f"select count(*) from {RAW} where delivery_id = ?", changed.delivery_id) == 11
    assert not empty.holds_the_person()
    assert empty.is_balanced()


@pytest.mark.parametrize("name", ["cases_semicolon.csv", "cases.xlsx", "cases.parquet"])
def test_the_archived_file_reads_as_what_is_left_in_raw_row_numbers_too(empty, name):
    empty.land(name, FORMATS[name](cases()))
    empty.erase()
    left = empty.rows(f"select * from {RAW} order by all")
    (archived,) = empty.archive()
    content = archived.read_bytes()
    assert empty.land(archived.name, content).verdict == "already_landed"
    empty.rows("delete from vault.ledger.redactions")
    assert empty.land(archived.name, content).delivery_id == "D0002"
    again = f"select * replace ('D0001' as delivery_id) from {RAW} where delivery_id = 'D0002' order by all"
    assert empty.rows(again) == left


def test_rows_set_aside_and_lines_that_were_never_rows_leave_too(empty):
    rows = cases(30, sought=(2, 5))
    rows[5][place_of("reported_date")] = "some day"
    broken = (",".join([*cases(1, sought=(0,))[0], "one", "too", "many"]) + "\n").encode()
    empty.land("cases.csv", table(HEADINGS, rows) + broken)
    assert empty.one("select count(*) from vault.ledger.quarantine") == 2
    gone = empty.erase()
    assert (gone.rows, gone.rows_quarantined) == (1, 2)
    assert not empty.holds_the_person()
    assert empty.is_balanced()
    changed = empty.land("cases.csv", table(HEADINGS, [*rows, *cases(1, "2023-02", ())]) + broken)
    assert changed.inspection.rows_quarantined == 2
    assert not empty.holds_the_person()
    assert empty.one("select sum(quarantined_erased) from vault.ledger.erasures") == 4
    requeue(empty.connection)
    assert empty.is_balanced()


def test_a_withdrawn_delivery_has_its_file_redacted_and_lands_again_without_the_person(held):
    withdraw(held.connection, "D0001", "wrong month")
    gone = held.erase()
    assert (gone.done, gone.rows, gone.files) == (True, 0, ["D0001"])
    assert not held.holds_the_person()
    assert held.land("cases.csv", FORMATS["cases.csv"](cases())).delivery_id == "D0002"
    assert not held.holds_the_person()
    assert held.one(f"select count(*) from {RAW}") == 10
    assert held.is_balanced()


def test_a_person_is_sought_in_every_role_and_spelling_of_the_agency_and_of_no_other(empty):
    rows = cases(sought=(1,))
    rows[4][place_of("complainant_ref")] = f"  {REFERENCE.lower()} "
    rows[6][place_of("perpetrator_ref")] = REFERENCE
    rows[8][place_of("landlord")], rows[8][place_of("complainant_ref")] = "Octavia", REFERENCE
    empty.land("cases.csv", table(HEADINGS, rows))
    assert empty.erase(f" {REFERENCE}").rows == 3
    assert empty.rows(f"select landlord from {RAW} where complainant_ref = ?", REFERENCE) == [("Octavia",)]


def test_what_was_built_from_the_rows_goes_with_them(held):
    erasure.tombstones.prepare(held.connection, held.home)
    held.rows(f"create table vault.intermediate.int_cases as select * from {RAW}")
    held.rows(f"""
        create table vault.intermediate.int_keys as
        select person_hmac('peabody|' || complainant_ref) as own_key from {RAW}
    """)
    held.erase()
    assert held.one("select count(*) from vault.intermediate.int_cases") == 10
    assert held.one("select count(*) from vault.intermediate.int_keys") == 10
    assert not held.holds_the_person()


def test_what_the_linkage_remembers_of_the_person_goes_too(held):
    key = f"person_hmac('peabody|{REFERENCE}')"
    erasure.tombstones.prepare(held.connection, held.home)
    held.rows(f"""
        insert into vault.ledger.person_keys
        select person_hmac('peabody|' || complainant_ref), delivery_id, {key}, null, 'm' from {RAW}
    """)
    held.rows(f"""
        insert into vault.ledger.person_key_events
        select
            now()::timestamp, delivery_id, 'merged',
            person_hmac('peabody|' || complainant_ref), {key}, 1, 'more_records'
        from {RAW}
    """)
    own_key = held.one(f"select {key}")
    held.erase()
    assert held.one("select count(*) from vault.ledger.person_keys where lost_to = 'erased'") == 10
    assert own_key not in repr(held.tables())


def test_linked_records_go_only_when_asked_for(held):
    """The linkage says that two more rows are the person: one with another reference, one with none."""
    held.rows(f"update {RAW} set complainant_ref = null where row_number = 3")
    erasure.tombstones.prepare(held.connection, held.home)
    held.rows(f"""
        create table vault.intermediate.int_persons__records as
        select row_number as record_key, 'peabody' as agency, complainant_ref as reference from {RAW}
    """)
    held.rows(f"""
        create table vault.intermediate.int_persons__linked as
        select
            row_number as record_key, delivery_id, row_number, 'rsl_asb_case' as source,
            person_hmac('peabody|' || coalesce(complainant_ref, 'row')) as own_key,
            case when row_number in (3, 4, 5) then 'one' else complainant_ref end as person_key
        from {RAW}
    """)
    assert held.rows(f"select row_number from {RAW} where complainant_ref = ? order by all", REFERENCE)[
        0
    ] == (5,)
    assert held.erase(dry_run=True).rows == 2
    # Rows 5 and 9 carry the reference; 5 is linked to 3 and 4.
    gone = held.erase(linked=True)
    assert (gone.rows, gone.references) == (4, 2)
    assert {kind for (kind,) in held.rows("select kind from vault.ledger.tombstones")} == {"reference", "row"}
    rows = cases(13)
    rows[1][place_of("complainant_ref")] = ""
    changed = held.land("cases.csv", table(HEADINGS, rows))
    assert held.one(f"select count(*) from {RAW} where delivery_id = ?", changed.delivery_id) == 9


def test_a_dry_run_changes_nothing_and_counts_the_same_and_a_second_run_neither(held):
    before, files = held.tables(), held.archive()
    planned = held.erase(dry_run=True)
    assert (planned.done, planned.rows, planned.files) == (False, 2, ["D0001"])
    assert (held.tables(), held.archive()) == (before, files)
    assert held.erase().rows == planned.rows
    before, files = held.tables(), held.archive()
    assert not held.erase().done
    assert (held.tables(), held.archive()) == (before, files)


def test_neither_tombstone_nor_trail_nor_report_nor_error_tells_who_it_was(held):
    held.erase()
    (kept,) = held.rows("select tombstone, kind, held_by from vault.ledger.tombstones")
    assert (len(kept[0]), *kept[1:]) == (32, "reference", "peabody")
    key = held.one("select person_hmac(?)", f"peabody|{REFERENCE}")
    assert kept[0] != key
    told = repr(held.rows("select * from vault.ledger.events"))
    assert "'erase'" in told
    with pytest.raises(SwpError) as error:
        held.erase(f"{MARKER} 1")
    for text in (told, str(error.value), held.shop.reports()):
        assert not any(word in text for word in (REFERENCE, SURNAME, MARKER, key))


def test_what_cannot_be_erased_is_said_and_nothing_changes(held):
    before = held.tables()
    for reference, agency, kind, words in (
        (" ", "peabody", WrongUse, "is empty"),
        (REFERENCE, "peabodies", WrongUse, "There is no agency 'peabodies'.*iom.*peabody"),
        (REFERENCE, "iom", SwpError, "No row of iom carries this reference"),
    ):
        with pytest.raises(kind, match=words):
            held.erase(reference, agency)
    with pytest.raises(SwpError, match="nothing is built"):
        held.erase(linked=True)
    assert held.tables() == before


def test_copies_in_the_inbox_are_named(held):
    for name in ("cases.csv", "cases.zip"):
        (held.home.inbox / name).write_bytes(FORMATS[name](cases()))
    (held.home.inbox / "others.csv").write_bytes(FORMATS["cases.csv"](cases(sought=())))
    assert held.erase().inbox == ["cases.csv", "cases.zip"]


def test_a_file_that_no_contract_reads_any_more_is_removed(held):
    (archived,) = held.archive()
    archived.chmod(0o600)
    archived.write_bytes(b"Who,Where\n" + SURNAME.encode() + b",here\n")
    gone = held.erase()
    assert (gone.unreadable, gone.files, held.archive()) == (["D0001"], [], [])
    assert held.one("select archived_as from vault.ledger.deliveries") is None


def test_a_file_that_is_not_there_any_more_does_not_stop_an_erasure(held):
    held.archive()[0].unlink()
    assert held.erase().unreadable == ["D0001"]
    assert not held.holds_the_person()
    assert held.is_balanced()


def test_a_mistyped_reference_removes_no_file_that_cannot_be_read(held):
    withdraw(held.connection, "D0001", "wrong month")
    (archived,) = held.archive()
    archived.chmod(0o600)
    archived.write_bytes(b"Who,Where\nsomebody,here\n")
    with pytest.raises(SwpError, match="nothing was changed"):
        held.erase("PEA-999999")
    assert held.archive() == [archived]
    assert held.one("select count(*) from vault.ledger.tombstones") == 0


class Cut(Exception):
    """Stands for a kill."""


class CutConnection:
    """A connection that is cut off before the first statement that begins with `moment`."""

    def __init__(self, given, moment):
        self.given, self.moment = given, moment

    def __getattr__(self, name):
        return getattr(self.given, name)

    def execute(self, statement, *values):
        if statement.strip().startswith(self.moment):
            raise Cut
        return self.given.execute(statement, *values)


@pytest.mark.parametrize(
    "moment", ["store", "begin", "insert into vault.ledger.tombstones", "commit", "sweep"]
)
def test_cut_off_at_any_moment_the_same_command_ends_it(held, monkeypatch, moment):
    def cut(*given):
        raise Cut

    with monkeypatch.context() as patch:
        if hasattr(archive, moment):
            patch.setattr(archive, moment, cut)
        with pytest.raises(Cut):
            erasure.erase(CutConnection(held.connection, moment), held.home, REFERENCE, "peabody")
    done = moment == "sweep"
    assert held.one(f"select count(*) from {RAW} where complainant_ref = ?", REFERENCE) == (0 if done else 2)
    assert held.erase().done is not done
    assert not held.holds_the_person()
    assert held.is_balanced()
    assert len(held.archive()) == 1
