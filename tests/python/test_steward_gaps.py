"""The gap register: what may be registered, for how long, and what stays of a gap that was closed."""

import json
from datetime import date, timedelta

import pytest

from conftest import MPS, STREET, street_rows, table
from swp import vault
from swp.errors import WrongUse
from swp.landing import ledger
from swp.steward import gaps

ASKED, EXPIRES = date(2023, 10, 2), date(2024, 6, 30)


@pytest.fixture
def register(shop):
    """A home whose today is 15 January 2024."""
    with vault.opened(shop.home) as connection:
        connection.execute("insert into vault.ledger.home values (true, date '2024-01-15')")
        yield connection


def add(connection, source="police_uk_street", field="lsoa_code", **values):
    given = {"owner": "analyst", "reason": "not exported yet", "asked_on": ASKED, "expires_on": EXPIRES}
    return gaps.add(connection, source, field, **{**given, **values})


def test_a_gap_is_registered_by_column_or_heading_or_period(register):
    first = add(register)
    assert (first.gap_id, first.field, first.state, first.age_days) == (
        "G001",
        "lsoa_code",
        "registered",
        105,
    )
    assert add(register, field="crime id").field == "crime_id"
    assert add(register, field="period").field == "(period)"
    assert [gap.gap_id for gap in gaps.every(register)] == ["G003", "G002", "G001"]


def test_the_gate_takes_a_registered_gap_as_known(register):
    add(register)
    known = ledger.context(register).gaps["police_uk_street", "lsoa_code"]
    assert "not exported yet" in known


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"source": "streets"}, "There is no source 'streets'"),
        ({"field": "shoe_size"}, "has no field 'shoe_size'. Its fields: crime_id, month"),
        ({"field": "month"}, "identifies the rows"),
        ({"field": "context"}, "is optional"),
        ({"owner": " "}, "--owner is empty"),
        ({"reason": ""}, "--reason is empty"),
        ({"asked_on": date(2024, 1, 16)}, "lies after today"),
        ({"expires_on": ASKED}, "must lie after the day of asking"),
        ({"expires_on": date(2023, 12, 1)}, "is past"),
    ],
)
def test_a_wrong_gap_is_refused_in_plain_words(register, values, words):
    with pytest.raises(WrongUse, match=words.replace("(", r"\(")):
        add(register, **values)
    assert gaps.every(register, with_closed=True) == []


def test_a_gap_is_registered_once(register):
    add(register)
    with pytest.raises(WrongUse, match=r"G001 is this gap already, until 2024-06-30.* swp gap renew G001"):
        add(register)


def test_a_renewed_gap_keeps_its_age_and_its_history(register):
    add(register)
    gap = gaps.renew(register, "g001", expires_on=date(2024, 9, 30), reason="export planned for August")
    assert (gap.expires_on, gap.asked_on, gap.reason) == (
        date(2024, 9, 30),
        ASKED,
        "export planned for August",
    )
    assert register.execute("""
        select event, expires_on, reason from vault.ledger.gap_events order by recorded_at, event
    """).fetchall() == [
        ("registered", EXPIRES, "not exported yet"),
        ("renewed", date(2024, 9, 30), "export planned for August"),
    ]
    with pytest.raises(WrongUse, match="is past"):
        gaps.renew(register, "G001", expires_on=date(2024, 1, 1), reason="late")


def test_a_closed_gap_leaves_the_register_and_its_history_stays(register):
    add(register)
    closed = gaps.close(register, "G001", reason="column delivered")
    assert closed.state == "closed"
    assert gaps.every(register) == []
    assert register.execute("select count(*) from vault.ledger.gaps").fetchone() == (0,)
    assert register.execute(
        "select reason from vault.ledger.gap_events where event = 'closed'"
    ).fetchone() == ("column delivered",)
    with pytest.raises(WrongUse, match="The gap 'G001' is closed"):
        gaps.close(register, "G001")
    with pytest.raises(WrongUse, match="The gap 'G007' is not in the register"):
        gaps.renew(register, "G007", expires_on=EXPIRES, reason="later")
    assert add(register).gap_id == "G002", "the id of a closed gap is not used again"


def test_a_gap_of_the_sample_is_closed_like_any_other(register):
    register.execute("""
        insert into vault.ledger.gaps
        values ('R001', 'cris_victim', 'victim_ref', 'owner', 'why', date '2023-10-01', date '2024-12-31')
    """)
    gaps.close(register, "R001")
    assert [(gap.gap_id, gap.state) for gap in gaps.every(register, with_closed=True)] == [("R001", "closed")]


def test_an_expired_gap_shows_as_expired(register):
    add(register)
    register.execute("update vault.ledger.home set as_of_date = date '2024-07-01'")
    assert [gap.state for gap in gaps.every(register)] == ["expired"]


def test_the_list_as_json_is_one_object_a_line(register, capsys):
    add(register)
    add(register, field="period")
    gaps.tell(gaps.every(register), as_json=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["field"] for line in lines] == ["(period)", "lsoa_code"]
    assert lines[0]["expires_on"] == "2024-06-30"


@pytest.mark.usefixtures("plain_judge")
def test_a_registered_gap_lets_a_file_without_a_required_column_in(shop):
    headings = [heading for heading in STREET if heading != "Reported by"]
    place = STREET.index("Reported by")
    content = table(headings, [row[:place] + row[place + 1 :] for row in street_rows(40, Falls_within=MPS)])
    name = "2023-01-metropolitan-street.csv"
    assert shop.land_one(name, content).verdict == "rejected"
    with vault.opened(shop.home) as connection:
        today = date.today()
        gaps.add(
            connection,
            "police_uk_street",
            "Reported by",
            owner="analyst",
            reason="export mended in May",
            asked_on=today,
            expires_on=today + timedelta(days=300),
        )
    assert shop.land_one(name, content).verdict.startswith("accepted")
