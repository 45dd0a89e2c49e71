"""The steward's verbs on the command line: what they print, and with which status they end."""

import json

import pytest

from conftest import STREET, street, street_rows, table, with_cells
from swp.cli import main

pytestmark = pytest.mark.usefixtures("plain_judge")

NAME = "2023-01-metropolitan-street.csv"


def test_withdraw_says_what_left_and_what_to_do(shop, capsys):
    shop.land_one(NAME, street(40))
    assert main(["withdraw", "D0001", "--reason", "wrong month", "--dry-run"]) == 0
    assert "40 rows of police_uk_street and 0 set aside would be removed" in capsys.readouterr().out
    assert main(["withdraw", "d0001", "--reason", "wrong month"]) == 0
    told = capsys.readouterr().out
    assert "is withdrawn" in told
    assert "swp build" in told
    assert main(["withdraw", "D0001", "--reason", "again"]) == 0
    assert "(wrong month); nothing was changed" in capsys.readouterr().out
    assert (shop.home.reports / f"D0001-{NAME}.html").exists()
    assert main(["withdraw", "D0009", "--reason", "wrong"]) == 2


def test_requeue_counts_by_delivery_and_in_all(shop, capsys):
    shop.land_one(NAME, table(STREET, with_cells(street_rows(40), STREET, "Crime type", {3: "Tax fraud"})))
    assert main(["requeue"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == [
        f"D0001 {NAME}: 0 rows accepted, 1 still set aside",
        "1 deliveries judged again: 0 rows accepted, 1 still set aside.",
    ]


def test_a_gap_is_added_listed_renewed_and_closed(shop, capsys):
    dates = ["--asked-on", "2023-10-02", "--expires-on", "2099-06-30"]
    words = ["--owner", "analyst", "--reason", "not exported yet"]
    assert main(["gap", "add", "police_uk_street", "period", *words, *dates]) == 0
    assert main(["gap", "renew", "G001", "--expires-on", "2099-12-31", "--reason", "later"]) == 0
    capsys.readouterr()
    assert main(["gap", "list", "--json"]) == 0
    (line,) = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert (line["gap_id"], line["expires_on"], line["reason"]) == ("G001", "2099-12-31", "later")
    assert main(["gap", "close", "G001"]) == 0
    capsys.readouterr()
    assert main(["gap", "list"]) == 0
    assert "The gap register is empty." in capsys.readouterr().out
    assert main(["gap", "list", "--all"]) == 0
    assert "closed" in capsys.readouterr().out
    assert main(["gap", "add", "police_uk_street", "shoe_size", *words, *dates]) == 2
    assert "has no field 'shoe_size'" in capsys.readouterr().err


def test_a_home_without_deliveries_is_said_plainly(fresh_home, capsys):
    assert main(["requeue"]) == 1
    assert "Nothing has landed" in capsys.readouterr().err
    assert not fresh_home.root.exists()


def test_template_writes_the_form_that_the_source_takes(shop, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["template", "iom_cohort"]) == 0
    assert (tmp_path / "iom_cohort_template.xlsx").exists()
    assert main(["template", "police_uk_street", "--out", "street.csv"]) == 0
    assert (tmp_path / "street.csv").read_text(encoding="utf-8-sig").startswith("Crime ID,Month,")
    assert main(["template", "iom_cohort"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["template", "ons_ward_boundary"]) == 2
