"""What is due, late and broken, as the models say it of what has landed."""

import json
from datetime import date

import pytest

from conftest import STREET, street, street_rows, table
from swp import models, vault
from swp.contracts import contract_named, load_contracts
from swp.errors import SwpError
from swp.steward import due, gaps, template, withdrawal

pytestmark = pytest.mark.usefixtures("plain_judge")


def rows(shop, today="2023-04-20"):
    with vault.opened(shop.home) as connection:
        set_today(connection, today)
        return {row.source: row for row in due.due(connection)}


def set_today(connection, today):
    connection.execute("update vault.ledger.home set as_of_date = ?", [today])
    if not connection.execute("select count(*) from vault.ledger.home").fetchone()[0]:
        connection.execute("insert into vault.ledger.home values (false, ?)", [today])


@pytest.fixture
def landed(shop):
    """Streets to the end of January 2023; monthly, 60 days to deliver."""
    shop.land_one("2023-01-metropolitan-street.csv", street(40, "2023-01"))
    return shop


def test_a_source_is_due_when_its_next_period_is_over_and_late_after_its_due_date(landed):
    found = rows(landed)["police_uk_street"]
    assert (found.last_period_end, found.next_due) == (date(2023, 1, 31), date(2023, 4, 29))
    wanted = {
        "2023-02-20": "received",
        "2023-03-01": "due",
        "2023-04-29": "due",
        "2023-04-30": "overdue",
    }
    assert {today: rows(landed, today)["police_uk_street"].state for today in wanted} == wanted


def test_a_source_of_which_nothing_came_is_missing(landed):
    found = rows(landed)["lfb_incident"]
    assert (found.state, found.last_period_end, found.gaps_open) == ("missing", None, 1)


def test_a_rejected_file_is_broken_until_a_later_one_is_accepted(landed):
    place = STREET.index("Reported by")
    headings = [heading for heading in STREET if heading != "Reported by"]
    broken = table(headings, [row[:place] + row[place + 1 :] for row in street_rows(40, "2023-02")])
    landed.land_one("2023-02-metropolitan-street.csv", broken)
    found = rows(landed)["police_uk_street"]
    assert (found.state, found.finding) == ("broken", "D0002 was rejected")
    landed.land_one("2023-02-metropolitan-street.csv", street(40, "2023-02"))
    assert rows(landed)["police_uk_street"].state != "broken"


def test_a_field_that_is_lacking_is_an_open_gap_until_it_is_registered(shop):
    shop.land_one("2023-01-metropolitan-street.csv", street(40, "2023-01", Longitude=""))
    assert (rows(shop)["police_uk_street"].gaps_open, rows(shop)["police_uk_street"].gaps_registered) == (
        1,
        0,
    )
    with vault.opened(shop.home) as connection:
        gaps.add(
            connection,
            "police_uk_street",
            "longitude",
            owner="analyst",
            reason="asked",
            asked_on=date(2023, 2, 1),
            expires_on=date(2023, 12, 31),
        )
    assert (rows(shop)["police_uk_street"].gaps_open, rows(shop)["police_uk_street"].gaps_registered) == (
        0,
        1,
    )
    assert rows(shop, "2024-01-01")["police_uk_street"].gaps_registered == 0


def test_a_withdrawn_delivery_counts_for_nothing(landed):
    with vault.opened(landed.home) as connection:
        withdrawal.withdraw(connection, "D0001", "wrong")
    assert rows(landed)["police_uk_street"].state == "missing"


def test_json_is_one_object_a_source_and_the_screen_names_the_partner(landed, capsys):
    rows(landed)
    with vault.opened(landed.home) as connection:
        due.tell(connection, as_json=True)
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        due.tell(connection)
    told = capsys.readouterr().out
    assert {line["source"] for line in lines} == set(load_contracts())
    assert told.startswith("What is due on 20 April 2023:")
    assert "data.police.uk" in told


def filled(source: str, **cells: str) -> bytes:
    """A file of one row, with `cells` by our names; the others hold anything that is taken."""
    columns = contract_named(source).columns
    anything = {"integer": "1", "number": "1", "boolean": "Yes"}
    row = [
        cells.get(each.name, "")
        or (template.code_values(each.code_list)[0] if each.code_list else anything.get(each.type, "x"))
        for each in columns
    ]
    return table([column.label for column in columns], [row])


def test_a_series_that_ends_before_the_review_year_is_too_old_as_soon_as_it_has_landed(shop):
    """The period stands in the rows, not in the ledger: staging is read where there was no build."""
    series = filled("fingertips_indicator", time_period="2018/19", time_period_sortable="20180000")
    shop.land_one("fingertips.csv", series, source="fingertips_indicator")
    found = rows(shop, "2023-07-01")["fingertips_indicator"]
    assert found.state == "old"
    assert found.finding == ("nothing of the review year in 1 of 1 series; the oldest ends on 31 March 2019")


def test_the_gap_register_asks_as_the_gate_does(shop):
    """The models write what is asked from the YAML, the gate from the contract."""
    with vault.opened(shop.home) as connection:
        models.make_view(connection, "int_contracts__requirements")
        asked = connection.execute(
            "select source, field, ask from int_contracts__requirements where kind = 'field'"
        ).fetchall()
    contracts = load_contracts()
    assert {row for row in asked if row[2] != contracts[row[0]].column(row[1]).asking} == set()
    assert any("SI 2007/1831" in ask for _, _, ask in asked)


def test_an_unknown_model_is_named(shop):
    with vault.opened(shop.home) as connection, pytest.raises(SwpError, match="int_none"):
        models.make_view(connection, "int_none")
