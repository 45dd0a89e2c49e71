"""What is past its contract's retention leaves; that it came stays, and everything else too."""

import shutil
from datetime import date

import pytest

from conftest import Workshop, _set_up, landing_into, street, table
from lifecycle_files import HEADINGS, SURNAME, cases, everything
from swp import vault
from swp.errors import WrongUse
from swp.landing import archive, land
from swp.lifecycle import retention
from swp.lifecycle.balance import imbalances
from swp.paths import Home
from swp.steward.withdrawal import withdraw

pytestmark = pytest.mark.usefixtures("plain_judge")

OLD, NEW = date(2015, 3, 31), date(2023, 3, 31)


def state(connection) -> dict:
    names = connection.execute("""
        select schema_name || '.' || table_name from duckdb_tables()
        where database_name = 'vault' and estimated_size > 0 order by all
    """).fetchall()
    return {
        name: connection.execute(f"select * from vault.{name} order by all").fetchall() for (name,) in names
    }


@pytest.fixture(scope="module")
def landed_home(stocked_home, key_folder) -> Home:
    """Deliveries of 2015 (a row set aside) and of 2023, to be kept 84 months; as of 2024."""
    rows = cases(month="2015-01")
    rows[1][HEADINGS.index("Date Reported")] = "soon"
    with landing_into(stocked_home, key_folder) as shop:
        shop.land_one("old.csv", table(HEADINGS, rows), published=OLD)
        shop.land_one("new.csv", table(HEADINGS, cases(month="2023-01")), published=NEW)
        shop.execute("update vault.ledger.home set as_of_date = date '2024-01-01'")
    return stocked_home


@pytest.fixture
def shop(tmp_path, monkeypatch, landed_home, key_folder) -> Workshop:
    home = Home(tmp_path / "home")
    shutil.copytree(landed_home.root, home.root)
    shutil.copytree(landed_home.root.parent / "given", tmp_path / "given")
    _set_up(monkeypatch, home, key_folder)
    return Workshop(home)


@pytest.fixture
def connection(shop):
    with vault.opened(shop.home) as connection:
        yield connection


def test_what_is_due_leaves_and_the_ledger_row_and_counts_stay(shop, connection):
    before = state(connection)
    (gone,) = retention.retain(connection, shop.home)
    assert (gone.delivery_id, gone.kept_until, gone.rows, gone.rows_quarantined) == (
        "D0001",
        date(2022, 3, 31),
        11,
        1,
    )
    after = state(connection)
    assert {row[0] for row in after["raw.rsl_asb_case"]} == {"D0002"}
    assert not after.get("ledger.quarantine")
    assert {row[0] for row in after["ledger.scopes"]} == {"D0002"}
    for counts in ("column_profile", "month_profile", "findings"):
        assert after[f"ledger.{counts}"] == before[f"ledger.{counts}"]
    row = connection.execute("""
        select delivery_id, rows_accepted, rows_quarantined, archived_as from vault.ledger.deliveries
    """).fetchall()[0]
    assert row == ("D0001", 11, 1, None)
    assert len([path for path in shop.home.landed.rglob("*") if path.is_file()]) == 1
    assert b"2015-01-02" not in everything(shop.home.landed)
    assert not imbalances(connection)


def test_what_the_linkage_remembers_of_the_delivery_leaves_too(shop, connection):
    connection.execute("""
        insert into vault.ledger.person_keys
        values ('old', 'D0001', 'old', null, 'm'), ('new', 'D0002', 'old', null, 'm')
    """)
    retention.retain(connection, shop.home)
    (left,) = connection.execute("from vault.ledger.person_keys").fetchall()
    assert left[:2] + left[3:] == ("new", "D0002", "retired", "m")
    assert left[2] != "old"


def test_the_day_until_which_it_is_kept_is_kept(shop, connection):
    for today, due in (
        (date(2022, 3, 31), []),
        (date(2022, 4, 1), ["D0001"]),
        (date(2030, 4, 1), ["D0001", "D0002"]),
    ):
        found = retention.retain(connection, shop.home, today=today, dry_run=True)
        assert [each.delivery_id for each in found] == due


def test_a_dry_run_changes_nothing_nor_does_a_second_run(shop, connection):
    before = state(connection)
    assert len(retention.retain(connection, shop.home, dry_run=True)) == 1
    assert state(connection) == before
    retention.retain(connection, shop.home)
    before = state(connection)
    assert retention.retain(connection, shop.home) == []
    assert state(connection) == before


def test_what_is_not_due_yet_is_removed_by_no_option(shop, connection):
    before = state(connection)
    with pytest.raises(WrongUse, match="--dry-run"):
        retention.retain(connection, shop.home, today=date(2040, 1, 1))
    assert state(connection) == before


def test_the_retired_file_is_known_when_it_comes_again(shop, connection):
    path = shop.home.root.parent / "given" / "old.csv"
    retention.retain(connection, shop.home)
    (outcome,) = land(connection, shop.home, [path], published=OLD)
    assert (outcome.verdict, outcome.delivery_id) == ("already_landed", "D0001")
    assert connection.execute("select count(*) from vault.raw.rsl_asb_case").fetchone() == (12,)


def test_a_withdrawn_delivery_loses_its_file_too(shop, connection):
    withdraw(connection, "D0001", "wrong year")
    (gone,) = retention.retain(connection, shop.home)
    assert (gone.is_withdrawn, gone.has_file, gone.rows) == (True, True, 0)
    assert len([path for path in shop.home.landed.rglob("*") if path.is_file()]) == 1
    assert not imbalances(connection)


def test_each_contract_has_its_own_retention(shop, connection):
    """Street crimes are kept 84 months as well; reference tables for twenty years."""
    path = shop.put("2015-01-metropolitan-street.csv", street(40, "2015-01"))
    land(connection, shop.home, [path], published=OLD)
    months = retention.load_contracts()
    assert months["police_uk_street"].retention_months == 84
    assert months["ho_unit_cost"].retention_months == 240
    assert [each.delivery_id for each in retention.due(connection, date(2024, 1, 1))] == ["D0001", "D0003"]


def test_cut_off_between_two_deliveries_or_before_the_files_it_goes_on(shop, connection, monkeypatch):
    connection.execute("update vault.ledger.home set as_of_date = date '2031-01-01'")
    whole, calls = retention.trail.record, []

    def cut(*given, **named):
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        whole(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(retention.trail, "record", cut)
        with pytest.raises(KeyboardInterrupt):
            retention.retain(connection, shop.home)
    assert connection.execute("select delivery_id from vault.ledger.retirements").fetchall() == [("D0001",)]
    assert connection.execute("select count(*) from vault.raw.rsl_asb_case").fetchone() == (12,)
    assert not imbalances(connection)
    assert [each.delivery_id for each in retention.retain(connection, shop.home)] == ["D0002"]
    assert not [path for path in shop.home.landed.rglob("*") if path.is_file()]
    assert archive.sweep(connection, shop.home) == 0
    assert SURNAME not in repr(state(connection))
