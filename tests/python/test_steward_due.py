"""What is due, late and broken: by the rule that the models use."""

import json
from datetime import date

import duckdb
import jinja2
import pytest
import yaml

from conftest import STOPS, STREET, days, stop_rows, street, street_rows, table
from swp import vault
from swp.contracts import load_contracts
from swp.paths import PROJECT
from swp.steward import due, gaps, withdrawal

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


def compiled(path, **names) -> str:
    """A model, or the macro a file is named after, as dbt would compile it, given what it asks dbt for."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    file = PROJECT / path
    source = file.read_text(encoding="utf-8")
    if file.parent.name == "macros":
        helpers = [each.read_text(encoding="utf-8") for each in sorted(file.parent.glob("sql_*.sql"))]
        source = "".join([*helpers, source, f"{{{{ {file.stem}() }}}}"])
    return environment.from_string(source).render(**names)


def graph() -> dict:
    """The contracts as dbt holds them."""
    sources = {}
    for contract in load_contracts().values():
        columns = {
            each.name: {
                "name": each.name,
                "config": {"meta": {"label": each.label, "need": each.need, "serves": [], "ask": ""}},
            }
            for each in contract.columns
        }
        sources[contract.name] = {
            "name": contract.name,
            "schema": "raw",
            "config": {"meta": contract.meta},
            "columns": columns,
        }
    return {"sources": sources}


def make_contract_views(connection: duckdb.DuckDBPyConnection) -> None:
    for name in ("sources", "requirements"):
        query = compiled(f"macros/contract_{name}.sql", graph=graph(), execute=True)
        connection.execute(f"create or replace temp view int_contracts__{name} as {query}")
    connection.execute("""
        create or replace temp table int_series__latest (
            source varchar, series varchar, latest_period_end date
        )
    """)


def model(today: str) -> str:
    """int_deliveries__received over the ledger itself."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return compiled(
        "models/intermediate/int_deliveries__received.sql",
        ref=lambda name: name if name.startswith("int_") else f"vault.ledger.{name.split('__')[1]}",
        var=lambda name: project["vars"][name],
        as_of_date=lambda: f"date '{today}'",
    )


def test_contracts_are_read_as_the_models_read_them(shop):
    with vault.opened(shop.home) as connection:
        make_contract_views(connection)
        due.due(connection)
        different = connection.execute("""
            select source from int_contracts__sources
            left join due_contracts using (source)
            where
                int_contracts__sources.cadence_months is distinct from due_contracts.cadence_months
                or int_contracts__sources.due_days is distinct from due_contracts.due_days
                or if(is_continuous, int_contracts__sources.asked_months, 0)
                is distinct from due_contracts.asked_months
        """).fetchall()
    assert different == []


def test_states_and_gaps_are_those_of_the_model(landed):
    landed.land_one("2023-02-metropolitan-street.csv", street(40, "2023-02", Longitude=""))
    stops = table(STOPS, stop_rows(days("2023-02", 20), Gender=""))
    landed.land_one("2023-02-metropolitan-stop-and-search.csv", stops)
    for today in ("2023-02-20", "2023-04-30", "2024-01-15"):
        found = rows(landed, today)
        with vault.opened(landed.home) as connection:
            make_contract_views(connection)
            query = model(today)
            states = dict(
                connection.execute(f"select source, state from ({query}) where kind = 'period'").fetchall()
            )
            lacking = dict(
                connection.execute(f"""
                    select source, count(distinct field) from ({query}) where gap_state <> 'none'
                    group by source
                """).fetchall()
            )
        assert {
            name: "received" if row.state == "due" else row.state for name, row in found.items()
        } == states
        assert {name: row.gaps_open for name, row in found.items() if row.gaps_open} == lacking
