"""Landing: nothing is lost, nothing lands twice, and what is refused changes nothing."""

import json
import re
import stat
import zipfile
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import (
    BOROUGHS,
    STOPS,
    STREET,
    Workshop,
    borough_counts,
    days,
    failing_plainly,
    gzipped,
    stop_rows,
    street,
    street_rows,
    table,
    with_cells,
)
from swp import vault
from swp.contracts import load_contracts
from swp.gate import inspect, judgement
from swp.landing import ledger
from swp.landing.land import MANIFEST
from swp.reading import Member, members

pytestmark = pytest.mark.usefixtures("plain_judge")

NAME = "2023-01-metropolitan-street.csv"


def dirty(rows: int = 40) -> bytes:
    """A street file with two rows to set aside for their values, and one for its width."""
    made = with_cells(street_rows(rows), STREET, "Month", {3: ""})
    made = with_cells(made, STREET, "Crime type", {5: "Tax fraud"})
    made[7] = [*made[7], "one more"]
    return table(STREET, made)


def delivery(shop: Workshop, delivery_id: str, *columns: str) -> tuple:
    return shop.execute(
        f"select {', '.join(columns)} from vault.ledger.deliveries where delivery_id = ?", [delivery_id]
    )[0]


class TestCounts:
    def test_delivered_is_accepted_and_quarantined_and_accepted_is_in_raw(self, shop):
        outcome = shop.land_one(NAME, dirty())
        assert outcome.verdict == "accepted_with_warnings"
        assert delivery(
            shop,
            "D0001",
            "rows_read",
            "rows_delivered",
            "rows_accepted",
            "rows_quarantined",
            "rows_malformed",
        ) == (40, 40, 37, 3, 1)
        assert shop.one("select count(*) from vault.raw.police_uk_street") == 37
        assert shop.one("select count(*) from vault.ledger.quarantine") == 3

    def test_a_row_is_kept_or_set_aside_and_never_both(self, shop):
        shop.land_one(NAME, dirty())
        kept = {row for (row,) in shop.execute("select row_number from vault.raw.police_uk_street")}
        aside = {row for (row,) in shop.execute("select row_number from vault.ledger.quarantine")}
        assert not kept & aside
        assert kept | aside == set(range(2, 42))
        assert aside == {5, 7, 9}

    def test_a_quarantined_row_keeps_its_text_and_reasons(self, shop):
        shop.land_one(NAME, dirty())
        told = {
            row: (reasons[0]["check_name"], text)
            for row, reasons, text in shop.execute(
                "select row_number, reasons, row_text from vault.ledger.quarantine"
            )
        }
        assert told[5][0] == "row_key_is_blank"
        assert told[7][0] == "row_value_not_in_code_list"
        assert told[7][1]["crime_type"] == "Tax fraud"
        assert told[9][0] == "row_has_wrong_number_of_fields"
        assert told[9][1]["line"].endswith(",one more")

    def test_an_unexpected_column_is_kept_in_the_vault(self, shop):
        rows = [[*row, f"note {number}"] for number, row in enumerate(street_rows(33))]
        shop.land_one(NAME, table([*STREET, 'Officer\'s; "note"'], rows))
        extra = shop.one("select _extra from vault.raw.police_uk_street where row_number = 4")
        assert extra == {'Officer\'s; "note"': "note 2"}
        assert delivery(shop, "D0001", "unexpected") == (['Officer\'s; "note"'],)


CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "NULL", "2023-01", "Burglary", "Robbery", "x", "-0.1", "51.5", "é", "1,5", "'", '"']
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12),
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=len(STREET) + 2), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def memory():
    with vault.in_memory() as connection:
        yield connection


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=ROWS, sound=st.sampled_from([0, 60]), eol=st.sampled_from(["\n", "\r\n"]))
def test_no_row_is_ever_lost(memory, tmp_path, rows, sound, eol):
    number = memory.execute("select count(*) from vault.ledger.deliveries").fetchone()[0]
    path = tmp_path / NAME
    path.write_bytes(
        table(STREET, [*street_rows(sound), *rows, *street_rows(1, f"{2000 + number}-02")], eol=eol)
    )
    (member,) = members(path, tmp_path / "scratch")
    assert isinstance(member, Member)
    inspection = inspect(memory, member, load_contracts().values(), source="police_uk_street")
    now, provenance = datetime(2024, 1, 1), ledger.Provenance(date(2024, 1, 1), "given", "open")
    given_id = ledger.record(memory, inspection, provenance, now)
    read, delivered, accepted, aside, verdict = memory.execute(
        "select rows_read, rows_delivered, rows_accepted, rows_quarantined, verdict "
        "from vault.ledger.deliveries where delivery_id = ?",
        [given_id],
    ).fetchone()
    assert delivered == accepted + aside
    assert delivered == (0 if verdict == "rejected" else read)
    kept, set_aside = (
        {
            row
            for (row,) in memory.execute(
                f"select row_number from {name} where delivery_id = ?", [given_id]
            ).fetchall()
        }
        for name in ("vault.raw.police_uk_street", "vault.ledger.quarantine")
    )
    assert (len(kept), len(set_aside)) == (accepted, aside)
    assert not kept & set_aside
    if inspection.match and verdict != "rejected":
        # A row without any value is no row. A row that spans lines and is faulty is taken as a row a line.
        filled = sum(any(map(str.strip, row)) for row in rows)
        lines = sum(len(re.findall(r"\r\n|\r|\n", cell)) for row in rows for cell in row)
        assert sound + 1 + filled <= read <= sound + 1 + len(rows) + lines


class TestLedger:
    def test_every_column_of_a_delivery(self, shop):
        content = dirty()
        given = gzipped(content)
        shop.land_one(NAME + ".gz", given, published=date(2023, 3, 1))
        names = [row[0] for row in shop.execute("describe vault.ledger.deliveries")]
        told = dict(zip(names, shop.execute("from vault.ledger.deliveries")[0], strict=True))
        landed_at = told.pop("landed_at")
        assert abs((datetime.now(UTC).replace(tzinfo=None) - landed_at).total_seconds()) < 120
        labels = told.pop("labels")
        assert labels["crime_type"] == "Crime type"
        digest = sha256(content).hexdigest()
        assert told == {
            "delivery_id": "D0001",
            "source": "police_uk_street",
            "supplier": load_contracts()["police_uk_street"].supplier,
            "publisher": "Metropolitan Police Service",
            "file_name": NAME + ".gz",
            "content_sha256": digest,
            "size_bytes": len(given),
            "archived_as": f"police_uk_street/{digest}.csv.gz",
            "format": "csv.gz",
            "encoding": "utf-8",
            "rows_read": 40,
            "rows_delivered": 40,
            "rows_accepted": 37,
            "rows_quarantined": 3,
            "rows_malformed": 1,
            "period_start": date(2023, 1, 1),
            "period_end": date(2023, 1, 31),
            "published_on": date(2023, 3, 1),
            "published_on_basis": "given",
            "is_partial": False,
            "data_origin": "open",
            "verdict": "accepted_with_warnings",
            "unexpected": [],
        }

    def test_a_rejected_file_stands_in_the_ledger_with_its_findings(self, shop):
        outcome = shop.land_one(NAME, table(STREET, street_rows(40, Month="January")))
        assert outcome.verdict == "rejected"
        assert delivery(shop, "D0001", "verdict", "rows_read", "rows_delivered", "archived_as") == (
            "rejected",
            40,
            0,
            None,
        )
        assert shop.one(
            "select count(*) from vault.ledger.findings where severity = 'reject' and not is_passed"
        )

    def test_a_file_that_cannot_even_be_opened_stands_in_the_ledger_too(self, shop):
        content = gzipped(street())[:-40]
        outcome = shop.land_one(NAME + ".gz", content)
        assert delivery(shop, outcome.delivery_id, "verdict", "source", "file_name", "content_sha256") == (
            "rejected",
            None,
            NAME + ".gz",
            sha256(content).hexdigest(),
        )
        assert "cut short or damaged" in shop.reports()

    def test_the_profile_has_a_row_a_column_and_a_month(self, shop):
        rows = with_cells(street_rows(40), STREET, "LSOA code", {1: "", 2: ""})
        shop.land_one(NAME, table(STREET, rows))
        names = {row[0] for row in shop.execute("select column_name from vault.ledger.column_profile")}
        assert names == {column.name for column in load_contracts()["police_uk_street"].columns}
        assert shop.execute(
            "select rows_applicable, rows_blank from vault.ledger.column_profile "
            "where column_name = 'lsoa_code'"
        ) == [(40, 2)]
        assert shop.execute("select publisher, month, rows from vault.ledger.month_profile") == [
            ("Metropolitan Police Service", date(2023, 1, 1), 40)
        ]

    def test_the_months_of_a_wide_file_are_kept_as_a_map(self, shop):
        shop.land_one("borough.csv", borough_counts(["202210", "202211"], count=7))
        assert shop.one("select months from vault.raw.mps_crime_counts_borough limit 1") == {
            "202210": "7",
            "202211": "7",
        }
        assert delivery(shop, "D0001", "period_start", "period_end") == (
            date(2022, 10, 1),
            date(2022, 11, 30),
        )

    def test_ids_count_on_over_refused_files(self, shop):
        shop.land_one("a.csv", table(STREET, street_rows(40, Month="January")))
        assert shop.land_one(NAME, street()).delivery_id == "D0002"
        assert shop.land_one("2023-02-metropolitan-street.csv", street(40, "2023-02")).delivery_id == "D0003"


class TestAgain:
    def test_the_same_content_again_is_a_no_op_and_says_so(self, shop):
        shop.land_one(NAME, dirty())
        before = shop.state()
        for name, content in (
            (NAME, dirty()),
            ("another name.csv", dirty()),
            (NAME + ".gz", gzipped(dirty())),
        ):
            outcome = shop.land_one(name, content)
            assert (outcome.verdict, outcome.delivery_id) == ("already_landed", "D0001")
        assert shop.state() == before
        (checked,) = shop.check(shop.put(NAME, dirty()))
        assert checked.verdict == "already_landed"

    def test_two_publications_of_a_month_stand_side_by_side(self, shop):
        shop.land_one(NAME, street(), published=date(2023, 3, 1))
        later = street(41, Last_outcome_category="Offender given a caution")
        assert shop.land_one(NAME, later, published=date(2023, 5, 1)).verdict == "accepted"
        assert shop.execute(
            "select delivery_id, count(*) from vault.raw.police_uk_street group by all order by all"
        ) == [("D0001", 40), ("D0002", 41)]
        assert shop.execute("select published_on from vault.ledger.deliveries order by delivery_id") == [
            (date(2023, 3, 1),),
            (date(2023, 5, 1),),
        ]

    def test_without_a_publication_date_it_is_the_day_of_landing_and_marked_so(self, shop):
        shop.land_one(NAME, street())
        assert delivery(shop, "D0001", "published_on", "published_on_basis") == (date.today(), "landed")
        assert "assumed: the day it was landed" in shop.reports()

    def test_a_rejected_file_lands_after_it_was_mended(self, shop):
        rows = street_rows(40)
        assert (
            shop.land_one(NAME, table(STREET, [[*row[:2], "", *row[3:]] for row in rows])).verdict
            == "rejected"
        )
        assert shop.land_one(NAME, table(STREET, rows)).verdict == "accepted"
        assert shop.one("select count(*) from vault.raw.police_uk_street") == 40

    def test_a_rejected_file_is_judged_again_when_it_comes_again(self, shop):
        content = table(STREET, street_rows(40, Month="January"))
        first = shop.land_one(NAME, content)
        before = shop.state()
        again = shop.land_one(NAME, content)
        assert (first.verdict, again.verdict) == ("rejected", "rejected")
        assert (first.delivery_id, again.delivery_id) == ("D0001", "D0001")
        assert shop.state() == before

    def test_a_registered_gap_lets_a_rejected_file_through(self, shop):
        content = table(
            [heading for heading in STREET if heading != "Reported by"],
            [[*row[:2], *row[3:]] for row in street_rows(40)],
        )
        assert shop.land_one(NAME, content).verdict == "rejected"
        shop.execute(
            "insert into vault.ledger.gaps values ('G1', 'police_uk_street', 'reported_by', 'Analyst', "
            "'the export lacks it', '2023-01-01', '2999-01-01')"
        )
        outcome = shop.land_one(NAME, content)
        assert outcome.verdict == "accepted", "what is registered warns in `dbt test`, not here"
        assert outcome.delivery_id == "D0001", "the same delivery, judged anew"
        message = next(f.message for f in outcome.inspection.failed if f.check == "column_is_delivered")
        assert "This gap is registered (G1: the export lacks it; owner Analyst" in message
        assert shop.one("select count(*) from vault.raw.police_uk_street") == 40

    def test_an_expired_gap_lets_nothing_through(self, shop):
        shop.execute(
            "insert into vault.ledger.gaps values ('G1', 'police_uk_street', 'reported_by', 'Analyst', "
            "'the export lacks it', '2020-01-01', '2020-06-01')"
        )
        content = table(
            [heading for heading in STREET if heading != "Reported by"],
            [[*row[:2], *row[3:]] for row in street_rows(40)],
        )
        assert shop.land_one(NAME, content).verdict == "rejected"

    def test_what_landed_before_makes_the_usual(self, shop):
        for month in range(2, 7):
            shop.land_one(f"2022-0{month}-metropolitan-street.csv", street(100, f"2022-0{month}"))
        outcome = shop.land_one(NAME, street(40))
        assert [finding.check for finding in outcome.inspection.failed] == ["month_volume_is_usual"]


REFUSED = {
    "absent key": (NAME, table(STREET[:9], [row[:9] for row in street_rows(40)])),
    "faulty rows": (NAME, table(STREET, street_rows(40, Month="2023-13"))),
    "no rows": (NAME, table(STREET, [])),
    "truncated": (NAME + ".gz", gzipped(street())[:-30]),
    "unknown": ("budget.csv", b"Cost centre,Amount\nA,1\n"),
}


@pytest.mark.parametrize(("name", "content"), REFUSED.values(), ids=REFUSED)
def test_a_refused_file_changes_nothing_that_was_loaded(shop, name, content):
    shop.land_one("2022-12-metropolitan-street.csv", dirty())
    before = shop.loaded()
    outcome = shop.land_one(name, content)
    assert outcome.verdict == "rejected"
    assert shop.loaded() == before
    report = (shop.home.reports / outcome.report).read_text(encoding="utf-8")
    assert "REJECTED - nothing of this file was loaded" in report
    assert "must be mended:" in report


class TestReport:
    def test_it_names_rows_and_columns_and_what_to_do(self, shop):
        outcome = shop.land_one(NAME, dirty(), published=date(2023, 3, 1))
        report = (shop.home.reports / outcome.report).read_text(encoding="utf-8")
        assert f"Delivery D0001: {NAME}" in report
        assert "ACCEPTED, WITH WARNINGS" in report
        assert "Read as: police_uk_street" in report
        assert "Period: 01 January 2023 to 31 January 2023" in report
        assert "Published: 01 March 2023 (as given)" in report
        assert "Rows: 40 read, 37 accepted, 3 set aside" in report
        assert "row 5: 'Month' is blank, but identifies the row" in report
        assert "row 7: 'Crime type' is not in the code list" in report
        assert "row 9: the row has too many or too few fields" in report

    def test_a_sound_file_is_said_to_be_sound(self, shop):
        shop.land_one(NAME, street())
        assert "Nothing was found to be wrong." in shop.reports()

    def test_it_is_readable_by_its_owner_only(self, shop):
        shop.land_one(NAME, street())
        modes = {stat.S_IMODE(path.stat().st_mode) for path in shop.home.reports.iterdir()}
        assert modes == {0o600}

    def test_many_faulty_rows_are_cut_and_counted(self, shop):
        rows = with_cells(street_rows(600), STREET, "Month", dict.fromkeys(range(80), ""))
        shop.land_one(NAME, table(STREET, rows))
        assert "... and 30 more rows" in shop.reports()


class TestArchive:
    def test_it_keeps_the_bytes_as_they_came_and_cannot_be_written(self, shop):
        given = gzipped(dirty())
        shop.land_one(NAME + ".gz", given)
        (copy,) = [path for path in shop.home.landed.rglob("*") if path.is_file()]
        assert copy.read_bytes() == given
        assert stat.S_IMODE(copy.stat().st_mode) == 0o400

    def test_the_folders_are_for_their_owner_only(self, shop):
        shop.land_one(NAME, street())
        folders = [shop.home.root, *(path for path in shop.home.root.rglob("*") if path.is_dir())]
        assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}

    def test_a_fresh_home_is_for_its_owner_only(self, fresh_home):
        fresh_home.ensure()
        assert {
            stat.S_IMODE(path.stat().st_mode) for path in [fresh_home.root, *fresh_home.root.iterdir()]
        } == {0o700}

    def test_a_refused_file_is_not_kept(self, shop):
        shop.land_one(NAME, table(STREET, []))
        assert not list(shop.home.landed.iterdir())


class TestZip:
    def test_both_files_of_a_zip_land(self, shop, tmp_path):
        path = tmp_path / "download.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"2023-01/{NAME}", street())
            archive.writestr(
                "2023-01/2023-01-metropolitan-stop-and-search.csv",
                table(STOPS, stop_rows(days("2023-01", 31))),
            )
        outcomes = shop.land(path)
        assert [outcome.verdict for outcome in outcomes] == ["accepted", "accepted"]
        assert outcomes[0].name == f"download.zip > 2023-01/{NAME}"
        assert shop.execute("select source, publisher from vault.ledger.deliveries order by delivery_id") == [
            ("police_uk_street", "Metropolitan Police Service"),
            ("police_uk_stop_search", "metropolitan"),
        ]

    def test_a_bad_entry_leaves_the_good_one_alone(self, shop, tmp_path):
        path = tmp_path / "download.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("error.csv", "<html><body>Sign in</body></html>")
            archive.writestr(NAME, street())
        first, second = shop.land(path)
        assert (first.verdict, second.verdict) == ("rejected", "accepted")
        assert "download.zip > error.csv" in shop.reports()
        again = shop.land(path)
        assert [outcome.verdict for outcome in again] == ["rejected", "already_landed"]
        assert [outcome.delivery_id for outcome in again] == [first.delivery_id, second.delivery_id]

    def test_a_file_landed_alone_is_known_inside_a_zip(self, shop, tmp_path):
        shop.land_one(NAME, street())
        path = tmp_path / "download.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(NAME, street())
        assert [outcome.verdict for outcome in shop.land(path)] == ["already_landed"]


class TestSample:
    def sample(self, shop: Workshop, **files: bytes):
        """Sample files with their manifest beside them."""
        paths = [shop.put(name, content, "sample/police_uk_street") for name, content in files.items()]
        manifest = {
            "synthetic": True,
            "seed": 1,
            "scale": 1,
            "as_of": "2024-01-15",
            "files": [
                {
                    "file": f"police_uk_street/{path.name}",
                    "source": "police_uk_street",
                    "published": "2023-03-05",
                    "rows": 40,
                    "sha256": sha256(path.read_bytes()).hexdigest(),
                }
                for path in paths
            ],
        }
        shop.put(MANIFEST, json.dumps(manifest).encode(), "sample")
        return paths

    def test_a_sample_file_is_synthetic_and_dated_by_its_manifest(self, shop):
        outcomes = shop.land(self.sample(shop, **{NAME: street()})[0].parent.parent)
        assert [outcome.verdict for outcome in outcomes] == ["accepted"], "the manifest is no delivery"
        assert delivery(shop, "D0001", "data_origin", "published_on", "published_on_basis") == (
            "synthetic",
            date(2023, 3, 5),
            "file",
        )
        assert shop.execute("from vault.ledger.home") == [(True, date(2024, 1, 15))]
        assert "SYNTHETIC SAMPLE DATA" in shop.reports()

    def test_a_real_file_does_not_come_into_a_home_of_the_sample(self, shop):
        shop.land(*self.sample(shop, **{NAME: street()}))
        before = shop.state()
        real = shop.put("2023-02-metropolitan-street.csv", street(40, "2023-02"))
        for outcomes in (shop.check(real), shop.land(real)):
            assert outcomes[0].verdict == "rejected"
            assert "never mixed" in outcomes[0].inspection.failed[0].message
        assert shop.state() == before

    def test_a_sample_file_does_not_come_into_a_real_home(self, shop):
        shop.land_one("2023-02-metropolitan-street.csv", street(40, "2023-02"))
        before = shop.state()
        (outcome,) = shop.land(*self.sample(shop, **{NAME: street()}))
        assert outcome.verdict == "rejected"
        assert shop.state() == before

    def test_a_changed_sample_file_is_not_of_the_sample(self, shop):
        (path,) = self.sample(shop, **{NAME: street()})
        path.write_bytes(street(41))
        shop.land(path)
        assert delivery(shop, "D0001", "data_origin") == ("open",)

    def test_a_rejected_file_does_not_settle_what_a_home_holds(self, shop):
        shop.land(*self.sample(shop, **{NAME: table(STREET, [])}))
        assert shop.execute("from vault.ledger.home") == []
        assert shop.land_one("2023-02-metropolitan-street.csv", street(40, "2023-02")).verdict == "accepted"


def test_the_raw_table_keeps_the_text_as_delivered(shop):
    rows = street_rows(len(BOROUGHS))
    rows[0][STREET.index("Location")] = "  On or near 'Ünter' \"Street\"; 50%\\  "
    shop.land_one(NAME, table(STREET, rows))
    assert shop.one("select location from vault.raw.police_uk_street where row_number = 2") == (
        "  On or near 'Ünter' \"Street\"; 50%\\  "
    )


def test_the_plain_judge_of_these_tests_is_in_place():
    assert judgement.failing is failing_plainly
