"""Rows that were set aside are judged again: what passes today moves, the rest stays with today's reasons."""

import dataclasses

import pytest

from conftest import (
    BOROUGH_COUNTS,
    CLASSES,
    STREET,
    street_rows,
    table,
    with_cells,
)
from swp import vault
from swp.contracts import contract_named, load_contracts
from swp.errors import WrongUse
from swp.steward.requeue import requeue

pytestmark = pytest.mark.usefixtures("plain_judge")

NAME = "2023-01-metropolitan-street.csv"


def dirty(month: str = "2023-01") -> bytes:
    """Row 5: an unknown crime type; row 7: that and no month; row 12: too wide; an unexpected column."""
    made = with_cells(street_rows(40, month), STREET, "Crime type", {3: "Tax fraud", 5: "Tax fraud"})
    made = with_cells(made, STREET, "Month", {5: ""})
    made = [[*row, f"extra {number}"] for number, row in enumerate(made)]
    made[10] = [*made[10], "one more"]
    return table([*STREET, "Beat"], made)


@pytest.fixture
def landed(shop):
    outcome = shop.land_one(NAME, dirty())
    assert outcome.as_json()["rows_quarantined"] == 3
    return shop


@pytest.fixture
def mend(monkeypatch):
    """Call it, and tax fraud comes into the code list."""
    code_list = contract_named("police_uk_street").column("crime_type").code_list
    return lambda: monkeypatch.setitem(code_list.__dict__, "values", code_list.values | {"TAX FRAUD"})


@pytest.fixture
def mended(landed, mend):
    """The list is mended after the file has landed."""
    mend()


def requeued(shop, *given, **options):
    with vault.opened(shop.home) as connection:
        return requeue(connection, *given, **options)


def reasons(shop):
    return {
        number: [(reason["column_name"], reason["check_name"]) for reason in found]
        for number, found in shop.execute("select row_number, reasons from vault.ledger.quarantine")
    }


def test_without_a_mended_list_everything_stays(landed):
    before = landed.state()
    (one,) = requeued(landed)
    assert (one.rows_moved, one.rows_left) == (0, 3)
    assert landed.state() == before


@pytest.mark.usefixtures("mended")
def test_what_passes_today_moves_with_its_row_number_and_what_does_not_stays_with_todays_reasons(landed):
    (one,) = requeued(landed, "D0001")
    assert (one.rows_moved, one.rows_left) == (1, 2)
    assert landed.execute("""
        select row_number, crime_type, month, context, _extra from vault.raw.police_uk_street
        where crime_type = 'Tax fraud'
    """) == [(5, "Tax fraud", "2023-01", "", {"Beat": "extra 3"})]
    assert reasons(landed) == {
        7: [("Month", "row_key_is_blank")],
        12: [(None, "row_has_wrong_number_of_fields")],
    }


@pytest.mark.usefixtures("mended")
def test_counts_profile_findings_and_verdict_change_with_the_rows(landed):
    requeued(landed)
    assert landed.execute("""
        select rows_delivered, rows_accepted, rows_quarantined, rows_malformed, verdict
        from vault.ledger.deliveries
    """) == [(40, 38, 2, 1, "accepted_with_warnings")]
    assert landed.one("select count(*) from vault.raw.police_uk_street") == 38
    assert (
        landed.one(
            "select rows_out_of_list from vault.ledger.column_profile where column_name = 'crime_type'"
        )
        == 0
    )
    assert landed.execute("""
        select is_passed, failing, message from vault.ledger.findings where check_name = 'values_in_code_list'
            and column_name = 'Crime type'
    """) == [(True, 0, "")]
    ((passed, failing, message),) = landed.execute("""
        select is_passed, failing, message from vault.ledger.findings where check_name = 'row_faults'
    """)
    assert (passed, failing) == (False, 2)
    assert message.startswith("2 of 40 rows are still set aside")


@pytest.mark.usefixtures("mended")
def test_a_scope_of_the_moved_category_is_there(landed):
    scopes = "select count(*) from vault.ledger.scopes where category = 'Tax fraud' and rows = 1"
    before = landed.one("select sum(rows) from vault.ledger.scopes")
    requeued(landed)
    assert landed.one(scopes) == 1
    assert landed.one("select sum(rows) from vault.ledger.scopes") == before


@pytest.mark.usefixtures("mended")
def test_judging_twice_is_judging_once(landed):
    requeued(landed)
    after = landed.state()
    (one,) = requeued(landed)
    assert (one.rows_moved, one.rows_left) == (0, 2)
    assert landed.state() == after


def test_a_delivery_that_is_mended_whole_is_accepted(shop, mend):
    shop.land_one(NAME, table(STREET, with_cells(street_rows(40), STREET, "Crime type", {3: "Tax fraud"})))
    assert shop.one("select verdict from vault.ledger.deliveries") == "accepted_with_warnings"
    mend()
    requeued(shop)
    assert shop.one("select verdict from vault.ledger.deliveries") == "accepted"


def test_months_as_columns_come_back_as_they_were(shop, monkeypatch):
    rows = [[*classes, "Westminster", "10", "20"] for classes in CLASSES]
    rows[2][3] = "n/a"
    shop.land_one("borough_23.csv", table([*BOROUGH_COUNTS, "202301", "202302"], rows))
    assert shop.one("select rows_quarantined from vault.ledger.deliveries") == 1
    contract = dataclasses.replace(contract_named("mps_crime_counts_borough"), null_values=("n/a",))
    monkeypatch.setitem(load_contracts(), contract.name, contract)
    (one,) = requeued(shop)
    assert (one.rows_moved, one.rows_left) == (1, 0)
    assert shop.execute(f"""
        select {contract.pattern.column}, _extra from vault.raw.mps_crime_counts_borough where row_number = 4
    """) == [({"202301": "n/a", "202302": "20"}, {})]


@pytest.mark.usefixtures("mended")
def test_only_what_is_asked_for_is_judged(landed):
    landed.land_one("2023-02-metropolitan-street.csv", dirty("2023-02").replace(b"Tax fraud", b"Tax evasion"))
    assert [one.delivery_id for one in requeued(landed, "D0002")] == ["D0002"]
    assert [one.delivery_id for one in requeued(landed, source="police_uk_street")] == ["D0001", "D0002"]
    assert requeued(landed, source="lfb_incident") == []
    with pytest.raises(WrongUse, match="not both"):
        requeued(landed, "D0001", "police_uk_street")
    with pytest.raises(WrongUse, match="There is no source 'streets'"):
        requeued(landed, source="streets")


@pytest.mark.usefixtures("mended")
def test_an_error_in_the_middle_leaves_everything(landed, monkeypatch):
    before = landed.state()

    def fails(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr("swp.steward.requeue.measure", fails)
    with pytest.raises(RuntimeError):
        requeued(landed)
    assert landed.state() == before
