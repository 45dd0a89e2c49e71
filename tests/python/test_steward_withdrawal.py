"""A wrong delivery leaves everything that models read, and nothing else changes."""

import pytest

from conftest import STREET, street, street_rows, table, with_cells
from swp import vault
from swp.errors import WrongUse
from swp.steward import delivery_report
from swp.steward.withdrawal import withdraw

pytestmark = pytest.mark.usefixtures("plain_judge")

JANUARY, FEBRUARY = "2023-01-metropolitan-street.csv", "2023-02-metropolitan-street.csv"
READ_BY_MODELS = ("quarantine", "column_profile", "month_profile", "scopes")


def dirty(month: str) -> bytes:
    return table(STREET, with_cells(street_rows(40, month), STREET, "Crime type", {5: "Tax fraud"}))


@pytest.fixture
def landed(shop):
    shop.land_one(JANUARY, dirty("2023-01"))
    shop.land_one(FEBRUARY, dirty("2023-02"))
    return shop


def withdrawn(shop, delivery_id="D0001", reason="sent for the wrong force", **options):
    with vault.opened(shop.home) as connection:
        return withdraw(connection, delivery_id, reason, **options)


def rows_of(shop, delivery_id):
    """Rows of the delivery in raw, and in each ledger table that models read."""
    tables = ["raw.police_uk_street", *(f"ledger.{name}" for name in READ_BY_MODELS)]
    counts = [f"(select count(*) from vault.{table} where delivery_id = $id)" for table in tables]
    return shop.execute(f"select {', '.join(counts)}", {"id": delivery_id})[0]


def test_everything_that_models_read_leaves_and_the_other_delivery_stays(landed):
    other = rows_of(landed, "D0002")
    gone = withdrawn(landed)
    assert (gone.rows, gone.rows_quarantined, gone.done) == (39, 1, True)
    assert rows_of(landed, "D0001") == (0, 0, 0, 0, 0)
    assert rows_of(landed, "D0002") == other


def test_the_ledger_row_findings_and_archived_file_stay(landed):
    archive = landed.state()["archive"]
    findings = landed.one("select count(*) from vault.ledger.findings where delivery_id = 'D0001'")
    withdrawn(landed)
    assert landed.state()["archive"] == archive
    assert landed.one("select count(*) from vault.ledger.findings where delivery_id = 'D0001'") == findings
    assert landed.execute("""
        select verdict, rows_accepted, rows_quarantined
        from vault.ledger.deliveries
        where delivery_id = 'D0001'
    """) == [("accepted_with_warnings", 39, 1)]


def test_accepted_is_in_raw_and_withdrawn(landed):
    withdrawn(landed)
    accepted, in_raw, taken_back = landed.execute("""
        select
            (select sum(rows_accepted) from vault.ledger.deliveries),
            (select count(*) from vault.raw.police_uk_street),
            (select sum(rows_withdrawn) from vault.ledger.withdrawals)
    """)[0]
    assert accepted == in_raw + taken_back == 78


def test_a_dry_run_changes_nothing(landed):
    before = landed.state()
    planned = withdrawn(landed, dry_run=True)
    assert (planned.rows, planned.rows_quarantined, planned.done) == (39, 1, False)
    assert landed.state() == before


def test_withdrawing_again_changes_nothing_and_says_when_and_why(landed):
    withdrawn(landed)
    before = landed.state()
    again = withdrawn(landed, reason="another reason")
    assert not again.done
    assert again.delivery.withdrawn.reason == "sent for the wrong force"
    assert landed.state() == before


def test_the_same_file_can_land_again_as_a_new_delivery(landed):
    withdrawn(landed)
    outcome = landed.land_one(JANUARY, dirty("2023-01"))
    assert (outcome.verdict, outcome.delivery_id) == ("accepted_with_warnings", "D0003")
    assert landed.land_one(JANUARY, dirty("2023-01")).verdict == "already_landed"
    assert rows_of(landed, "D0003")[:2] == (39, 1)


def test_the_last_delivery_number_is_not_used_again(landed):
    withdrawn(landed, "D0002")
    assert landed.land_one("2023-03-metropolitan-street.csv", street(40, "2023-03")).delivery_id == "D0003"


def test_an_error_in_the_middle_leaves_everything(landed):
    before = landed.state()
    with vault.opened(landed.home) as connection:
        connection.execute("drop table vault.ledger.withdrawals")
        connection.execute(
            "create table vault.ledger.withdrawals (delivery_id varchar, withdrawn_at timestamp, "
            "reason varchar)"
        )
        with pytest.raises(Exception, match="values"):
            withdraw(connection, "D0001", "wrong")
    after = landed.state()
    assert {name: after[name] for name in before if name != "ledger.withdrawals"} == {
        name: rows for name, rows in before.items() if name != "ledger.withdrawals"
    }


def test_what_cannot_be_withdrawn_is_said_plainly(landed):
    landed.land_one("holidays.csv", b"where,when\nBrighton,June\n")
    with pytest.raises(WrongUse, match="There is no delivery 'D0099'"):
        withdrawn(landed, "D0099")
    with pytest.raises(WrongUse, match="D0003 was rejected"):
        withdrawn(landed, "D0003")
    with pytest.raises(WrongUse, match="Say why"):
        withdrawn(landed, reason="  ")


def test_the_report_of_a_withdrawn_delivery_says_so_first(landed):
    withdrawn(landed)
    with vault.opened(landed.home, read_only=True) as connection:
        page = delivery_report.write_all(connection, landed.home, "D0001")[0].read_text(encoding="utf-8")
    assert page.index("Withdrawn") < page.index("What to mend")
    assert "sent for the wrong force" in page
