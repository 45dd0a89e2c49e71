"""The gate, fault by fault: verdict, finding, and words that a partner can act on without any value."""

from datetime import date
from itertools import product

import pytest

from conftest import (
    BOROUGH_COUNTS,
    BOROUGHS,
    CITY,
    CLASSES,
    LSOA_COUNTS,
    MARKER,
    MPS,
    RESCUES,
    STOPS,
    STREET,
    WARD_COUNTS,
    Workshop,
    borough_counts,
    days,
    failing_plainly,
    great_expectations,
    json_lines,
    stop_rows,
    street,
    street_rows,
    table,
    with_cells,
)
from swp.cli import main
from swp.contracts import load_contracts
from swp.errors import WrongUse
from swp.gate import Context, Inspection, inspect, judgement
from swp.landing import Outcome
from swp.reading import Member, members

CONTRACTS = load_contracts()
# A table of each kind: record rows, and months as columns.
JUDGED = ("police_uk_street", "mps_crime_counts_ward")


@pytest.fixture
def look(tmp_path, gate_connection, plain_judge):
    """`look(name, content)` is the gate's inspection of a file with that name and content."""

    def looked(name: str, content: bytes, **options) -> Inspection:
        path = tmp_path / name
        path.write_bytes(content)
        (member,) = members(path, tmp_path / "scratch")
        assert isinstance(member, Member)
        return inspect(gate_connection, member, CONTRACTS.values(), **options)

    return looked


def found(inspection: Inspection, check: str, column: str | None = None):
    """The one failed finding of that check (and column)."""
    hits = [f for f in inspection.failed if f.check == check and column in (None, f.column)]
    assert len(hits) == 1, [(f.check, f.column, f.message) for f in inspection.failed]
    return hits[0]


def without(headings, rows, *columns):
    kept = [place for place, heading in enumerate(headings) if heading not in columns]
    return table([headings[place] for place in kept], [[row[place] for place in kept] for row in rows])


def test_a_sound_file_is_accepted_and_every_check_was_made(look):
    inspection = look("2023-01-metropolitan-street.csv", street(64))
    assert inspection.verdict == "accepted"
    assert not inspection.failed
    assert (inspection.rows_delivered, inspection.rows_accepted, inspection.rows_quarantined) == (64, 64, 0)
    checks = {finding.check for finding in inspection.findings}
    assert {"column_is_delivered", "column_is_filled", "values_parse", "values_in_code_list"} <= checks
    assert {"exact_duplicates", "repeated_key", "month_is_missing", "month_volume_is_usual"} <= checks


class TestColumns:
    def test_an_absent_key_column_refuses_the_file(self, look):
        content = without(STREET, street_rows(40), "Crime type")
        inspection = look("2023-01-metropolitan-street.csv", content)
        finding = found(inspection, "key_column_missing")
        assert inspection.verdict == "rejected"
        assert (finding.severity, finding.column) == ("reject", "Crime type")
        assert "'Crime type'" in finding.message
        assert "Send the file" in finding.message
        assert inspection.rows_delivered == 0

    def test_an_absent_required_column_refuses_the_file(self, look):
        content = without(STREET, street_rows(40), "Reported by")
        inspection = look("2023-01-metropolitan-street.csv", content)
        finding = found(inspection, "column_is_delivered")
        assert inspection.verdict == "rejected"
        assert (finding.severity, finding.column) == ("reject", "Reported by")
        assert "'Reported by' is not in the file" in finding.message

    def test_an_absent_requested_column_opens_a_gap(self, look):
        content = without(STREET, street_rows(40), "LSOA code")
        inspection = look("2023-01-metropolitan-street.csv", content)
        finding = found(inspection, "column_is_delivered")
        assert inspection.verdict == "accepted_with_warnings"
        assert (finding.severity, finding.column) == ("gap", "LSOA code")
        assert "Needed for R16, R19, R20" in finding.message, "it says whom the gap harms"
        assert "Please send the LSOA code" in finding.message, "it says what to ask for"
        assert inspection.rows_accepted == 40

    def test_an_absent_optional_column_is_nothing(self, look):
        content = without(STREET, street_rows(40), "Context", "Location")
        assert look("2023-01-metropolitan-street.csv", content).verdict == "accepted"

    def test_an_unexpected_column_is_drift_and_its_values_are_not_told(self, look):
        rows = [[*row, MARKER] for row in street_rows(40)]
        inspection = look("2023-01-metropolitan-street.csv", table([*STREET, "Officer"], rows))
        finding = found(inspection, "unexpected_column")
        assert inspection.verdict == "accepted_with_warnings"
        assert (finding.severity, finding.count) == ("warning", 1)
        assert "'Officer'" in finding.message
        assert MARKER not in finding.message

    def test_a_registered_gap_lets_a_file_without_its_column_through(self, look):
        content = without(STREET, street_rows(40), "Reported by")
        context = Context(gaps={("police_uk_street", "reported_by"): "This gap is registered (G1)."})
        inspection = look("2023-01-metropolitan-street.csv", content, context=context)
        finding = found(inspection, "column_is_delivered")
        assert inspection.verdict == "accepted"
        assert finding.severity == "info"
        assert "registered (G1)" in finding.message

    def test_a_gap_of_another_column_or_source_lets_nothing_through(self, look):
        content = without(STREET, street_rows(40), "Reported by")
        context = Context(
            gaps={("police_uk_street", "lsoa_code"): "x", ("police_uk_outcomes", "reported_by"): "y"}
        )
        assert look("2023-01-metropolitan-street.csv", content, context=context).verdict == "rejected"


class TestBlanks:
    def test_blank_above_its_threshold_opens_a_gap_for_a_requested_column(self, look):
        rows = with_cells(street_rows(40), STREET, "LSOA code", dict.fromkeys(range(5), ""))
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, rows))
        finding = found(inspection, "column_is_filled")
        assert inspection.verdict == "accepted_with_warnings"
        assert (finding.severity, finding.column, finding.count) == ("gap", "LSOA code", 5)
        assert "blank in 5 of 40 rows (12.5%; up to 10.0% is accepted)" in finding.message

    def test_blank_at_its_threshold_is_accepted(self, look):
        rows = with_cells(street_rows(40), STREET, "LSOA code", dict.fromkeys(range(4), ""))
        assert look("2023-01-metropolitan-street.csv", table(STREET, rows)).verdict == "accepted"

    def test_blank_above_its_threshold_refuses_the_file_for_a_required_column(self, look):
        rows = with_cells(street_rows(40), STREET, "Reported by", {3: ""})
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, rows))
        assert inspection.verdict == "rejected"
        assert found(inspection, "column_is_filled").severity == "reject"

    def test_a_blank_outcome_and_crime_id_of_an_incident_is_excused(self, look):
        rows = street_rows(40, kind="Anti-social behaviour", Crime_ID="", Last_outcome_category="")
        rows = with_cells(rows, STREET, "Location", {n: f"On or near Street {n}" for n in range(40)})
        assert look("2023-01-metropolitan-street.csv", table(STREET, rows)).verdict == "accepted"

    @pytest.mark.parametrize("blank", ["", "  ", "\u00a0", "\u200b", "\t"])
    def test_white_space_of_any_kind_is_blank(self, look, blank):
        rows = with_cells(street_rows(40), STREET, "Month", {7: blank})
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, rows))
        assert inspection.rows_quarantined == 1

    def test_the_word_null_is_a_blank_where_the_contract_says_so(self, look):
        rows = [
            [
                str(n),
                "30/09/2022 23:35",
                "Special Service",
                "NULL",
                "E1",
                "E2",
                "WESTMINSTER",
                "1",
                "1",
                "1",
                "NULL",
            ]
            for n in range(10)
        ]
        inspection = look("lfb_animal_rescue.csv", table(RESCUES, rows))
        assert found(inspection, "column_is_filled", "PropertyCategory").count == 10


class TestRows:
    def test_a_blank_key_sets_the_row_aside(self, look):
        rows = with_cells(street_rows(40), STREET, "Month", {7: ""})
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, rows))
        finding = found(inspection, "row_faults")
        assert inspection.verdict == "accepted_with_warnings"
        assert (inspection.rows_accepted, inspection.rows_quarantined) == (39, 1)
        assert finding.severity == "quarantine"
        assert "'Month' is blank, but identifies the row (row 9)" in finding.message

    def test_a_value_of_the_wrong_type_sets_the_row_aside(self, look):
        rows = with_cells(street_rows(40), STREET, "Month", {7: "01/2023", 8: "Jan 23"})
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, rows))
        assert (inspection.rows_accepted, inspection.rows_quarantined) == (38, 2)
        assert found(inspection, "values_parse", "Month").count == 2
        message = found(inspection, "row_faults").message
        assert "'Month' does not read as the type that the contract states (rows 9, 10)" in message

    def test_a_value_outside_its_code_list_sets_the_row_aside(self, look):
        rows = with_cells(street_rows(40), STREET, "Crime type", {7: "Tax fraud"})
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, rows))
        assert (inspection.rows_accepted, inspection.rows_quarantined) == (39, 1)
        assert found(inspection, "values_in_code_list", "Crime type").count == 1
        assert "'Crime type' is not in the code list (row 9)" in found(inspection, "row_faults").message

    def test_a_code_list_that_only_reports_keeps_the_row(self, look):
        rows = with_cells(street_rows(40), STREET, "Last outcome category", {7: "A new outcome"})
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, rows))
        assert (inspection.verdict, inspection.rows_quarantined) == ("accepted_with_warnings", 0)
        assert found(inspection, "values_in_code_list").column == "Last outcome category"

    def test_a_wrong_value_in_a_requested_column_keeps_the_row_as_unknown(self, look):
        rows = with_cells(street_rows(40), STREET, "Longitude", {7: "-9999", 8: "west"})
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, rows))
        assert inspection.rows_quarantined == 0
        assert found(inspection, "values_parse", "Longitude").count == 2

    def test_a_row_of_the_wrong_width_is_set_aside(self, look):
        lines = street(40).decode().splitlines()
        lines[9] += ",one,two,more"
        inspection = look("2023-01-metropolitan-street.csv", "\n".join(lines).encode() + b"\n")
        assert (inspection.rows_read, inspection.rows_accepted, inspection.rows_quarantined) == (40, 39, 1)
        assert "too many or too few fields (row 10)" in found(inspection, "row_faults").message

    def test_every_fault_of_a_row_is_a_reason(self, look, gate_connection):
        rows = with_cells(street_rows(40), STREET, "Month", {7: "never"})
        rows = with_cells(rows, STREET, "Crime type", {7: "Tax fraud"})
        look("2023-01-metropolitan-street.csv", table(STREET, rows))
        ((number, reasons),) = gate_connection.execute("select row_number, reasons from faults").fetchall()
        assert number == 9
        assert {(reason["column_name"], reason["check_name"]) for reason in reasons} == {
            ("Month", "row_value_does_not_parse"),
            ("Crime type", "row_value_not_in_code_list"),
        }

    def test_a_file_of_faulty_rows_is_refused_and_says_which(self, look):
        rows = with_cells(street_rows(40), STREET, "Month", dict.fromkeys(range(9), "01/2023"))
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, rows))
        finding = found(inspection, "quarantined_rows_within_limit")
        assert inspection.verdict == "rejected"
        assert "9 of 40 rows (22.5%)" in finding.message
        assert (inspection.rows_delivered, inspection.rows_accepted, inspection.rows_quarantined) == (0, 0, 9)
        assert "(rows 2, 3, 4, 5, 6 and 4 more)" in found(inspection, "row_faults").message

    def test_a_file_at_the_limit_of_faulty_rows_is_taken(self, look):
        rows = with_cells(street_rows(40), STREET, "Month", dict.fromkeys(range(8), "01/2023"))
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, rows))
        assert (inspection.verdict, inspection.rows_accepted) == ("accepted_with_warnings", 32)


class TestDuplicates:
    def test_exact_copies_are_counted(self, look):
        rows = stop_rows(days("2023-01", 31))
        content = table(STOPS, [*rows, rows[0], rows[0], rows[5]])
        inspection = look("2023-01-metropolitan-stop-and-search.csv", content)
        finding = found(inspection, "exact_duplicates")
        assert (finding.severity, finding.count, finding.tested) == ("warning", 3, 34)
        assert "set aside when counting" in finding.message
        assert inspection.rows_accepted == 34, "landing keeps them: the models set them aside"

    def test_a_repeated_key_is_counted_apart_from_copies(self, look):
        rows = street_rows(40)
        again = [*rows[0]]
        again[STREET.index("Last outcome category")] = "Offender given a caution"
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, [*rows, again, rows[1]]))
        assert found(inspection, "repeated_key").count == 1
        assert "repeat the Crime ID" in found(inspection, "repeated_key").message
        assert found(inspection, "exact_duplicates").count == 1


class TestMonths:
    def test_a_month_that_stops_on_the_17th_is_cut_short(self, look):
        content = table(STOPS, stop_rows(days("2022-12", 17)))
        inspection = look("2022-12-metropolitan-stop-and-search.csv", content)
        finding = found(inspection, "month_is_cut_short")
        assert inspection.verdict == "accepted_with_warnings"
        assert "2022-12 (metropolitan) has nothing after 17 December 2022" in finding.message
        assert "Please send the rest" in finding.message

    def test_a_month_that_ends_within_three_days_is_whole(self, look):
        content = table(STOPS, stop_rows(days("2022-12", 28)))
        assert look("2022-12-metropolitan-stop-and-search.csv", content).verdict == "accepted"

    def test_a_missing_month_is_named(self, look):
        inspection = look("borough.csv", borough_counts(["202210", "202211", "202301"]))
        finding = found(inspection, "month_is_missing")
        assert (finding.severity, finding.count) == ("warning", 1)
        assert "2022-12 (Metropolitan Police Service) is missing. Please send it." in finding.message

    def test_a_volume_far_from_the_usual_is_named(self, look):
        usual = {(MPS, date(2022, month, 1)): 100 for month in range(6, 12)}
        context = Context(usual={"police_uk_street": usual})
        for rows, far in ((49, True), (50, False), (200, False), (201, True)):
            inspection = look("2023-01-metropolitan-street.csv", street(rows), context=context)
            checks = [finding.check for finding in inspection.failed]
            assert ("month_volume_is_usual" in checks) is far, rows
        finding = found(inspection, "month_volume_is_usual")
        assert "2023-01 (Metropolitan Police Service) has 201 rows, usually 100" in finding.message

    def test_without_four_other_months_nothing_is_usual(self, look):
        usual = {(MPS, date(2022, month, 1)): 1000 for month in range(6, 9)}
        context = Context(usual={"police_uk_street": usual})
        assert look("2023-01-metropolitan-street.csv", street(40), context=context).verdict == "accepted"

    def test_a_blank_cell_under_a_month_is_unknown_and_counted(self, look):
        rows = [[major, minor, "Westminster", "4", ""] for major, minor in CLASSES]
        inspection = look("borough.csv", table([*BOROUGH_COUNTS, "202210", "202211"], rows))
        assert found(inspection, "blank_month_cells").count == 8
        assert inspection.rows_quarantined == 0

    def test_a_word_under_a_month_sets_the_row_aside(self, look):
        rows = [
            [major, minor, "Westminster", "4", "many" if n == 2 else "3"]
            for n, (major, minor) in enumerate(CLASSES)
        ]
        inspection = look("borough.csv", table([*BOROUGH_COUNTS, "202210", "202211"], rows))
        assert inspection.rows_quarantined == 1
        assert "'202211' does not read" in found(inspection, "row_faults").message

    def test_months_are_those_of_london(self, look):
        content = table(STOPS, stop_rows(["2022-09-30T22:59:59+00:00", "2022-09-30T23:00:00Z"]))
        inspection = look("2022-09-metropolitan-stop-and-search.csv", content)
        assert [(m.month, m.rows) for m in inspection.profile.months] == [
            (date(2022, 9, 1), 1),
            (date(2022, 10, 1), 1),
        ]


class TestScope:
    def test_a_file_of_some_boroughs_is_partial(self, look):
        inspection = look("2023-01-metropolitan-street.csv", street(20))
        finding = found(inspection, "partial_scope")
        assert inspection.profile.is_partial
        assert "holds 20 of the 32 boroughs" in finding.message
        assert "replaces no other delivery" in finding.message

    @pytest.mark.parametrize(("boroughs", "partial"), [(28, True), (29, False)])
    def test_nine_tenths_of_the_boroughs_are_complete(self, look, boroughs, partial):
        inspection = look("2023-01-metropolitan-street.csv", street(boroughs))
        assert inspection.profile.is_partial is partial

    def test_the_city_has_one_borough(self, look):
        rows = street_rows(10, Reported_by=CITY, LSOA_name="City of London 001A")
        inspection = look("2023-01-city-of-london-street.csv", table(STREET, rows))
        assert not inspection.profile.is_partial

    def test_a_count_file_of_few_classes_is_partial(self, look):
        rows = [[major, minor, "Westminster", "4"] for major, minor in CLASSES[:7]]
        inspection = look("borough.csv", table([*BOROUGH_COUNTS, "202210"], rows))
        assert "holds 7 major classes, at least 8 are usual" in found(inspection, "partial_scope").message

    def test_complete_for_one_type_says_nothing_of_others(self, look):
        inspection = look("2023-01-metropolitan-street.csv", street(40, kind="Burglary"))
        assert {scope.category for scope in inspection.profile.scopes} == {"Burglary"}


class TestFile:
    def test_headings_without_rows_are_refused(self, look):
        inspection = look("2023-01-metropolitan-street.csv", table(STREET, []))
        assert inspection.verdict == "rejected"
        assert "no rows" in inspection.failed[0].message

    def test_a_name_of_another_source_is_a_warning(self, look):
        inspection = look("2023-01-metropolitan-outcomes.csv", street(40))
        finding = found(inspection, "name_fits_content")
        assert inspection.contract.name == "police_uk_street"
        assert "police_uk_outcomes" in finding.message

    def test_the_sender_may_say_the_source(self, look):
        assert look("a.csv", street(40), source="police_uk_street").verdict == "accepted"
        inspection = look("a.csv", street(40), source="lfb_incident")
        assert inspection.verdict == "rejected"
        assert "police_uk_street" in found(inspection, "wrong_source").message
        with pytest.raises(WrongUse, match="no source 'crime'"):
            look("a.csv", street(40), source="crime")


class TestJudge:
    """Great Expectations, generated from the contract, answers as the plain comparison does."""

    @pytest.mark.parametrize("name", JUDGED)
    def test_every_check_fails_over_its_limit_and_only_there(self, name):
        checks = judgement.checks_of(CONTRACTS[name])
        at = {check.metric: check.limit for check in checks}
        assert great_expectations([at], checks, None) == {}
        over = {check.metric: check.limit + 0.001 for check in checks}
        assert set(great_expectations([over], checks, None)) == set(range(len(checks)))

    def test_a_file_of_many_faults_is_judged_alike(self, look, monkeypatch):
        rows = with_cells(street_rows(30, "2022-10"), STREET, "Month", {1: "", 2: "2023-01"})
        rows = with_cells(rows, STREET, "LSOA code", dict.fromkeys(range(9), ""))
        content = table([*STREET, "New"], [[*row, ""] for row in [*rows, rows[3]]])
        plain = look("2022-10-metropolitan-street.csv", content)
        monkeypatch.setattr(judgement, "failing", great_expectations)
        judged = look("2022-10-metropolitan-street.csv", content)
        assert judged.findings == plain.findings
        assert {finding.check for finding in judged.failed} >= {
            "column_is_filled",
            "exact_duplicates",
            "month_is_missing",
            "row_faults",
            "unexpected_column",
        }

    def test_months_are_told_by_their_label(self):
        frame = [
            {"month": "2022-11", "cut_short": 0, "missing": 0, "unusual": 1},
            {"month": "2022-12 (x)", "cut_short": 1, "missing": 0, "unusual": 0},
            {"month": "2023-01", "cut_short": 1, "missing": 0, "unusual": 0},
        ]
        checks = list(judgement.MONTH_CHECKS)
        told = great_expectations(frame, checks, "month")
        assert (
            told == failing_plainly(frame, checks, "month") == {0: ["2022-12 (x)", "2023-01"], 2: ["2022-11"]}
        )


# --- never a value -----------------------------------------------------------------------------------


def sound_rows(source: str) -> tuple[list[str], list[list[str]]]:
    """Thirty sound rows of a CSV source, whose months lie apart so that the month checks speak."""
    months = ["2022-01", "2022-02", "2022-03", "2022-04", "2022-07"]
    if source == "police_uk_street":
        return STREET, [row for month in months for row in street_rows(6, month)]
    if source == "police_uk_stop_search":
        return STOPS, stop_rows([time for month in months for time in days(month, 6)])
    if source == "lfb_animal_rescue":
        cells = ["Special Service", "Dwelling", "E1", "E2", "Westminster", "1", "1", "1", "1"]
        return RESCUES, [[str(n), f"0{n % 9 + 1}/02/2022 10:00", *cells] for n in range(30)]
    areas = {
        "mps_crime_counts_borough": ("Westminster",),
        "mps_crime_counts_ward": ("West End", "E05013806", "Westminster"),
    }
    headings = {"mps_crime_counts_borough": BOROUGH_COUNTS, "mps_crime_counts_ward": WARD_COUNTS}
    if source in areas:
        rows = [[*CLASSES[n % 8], *areas[source], "1", "2"] for n in range(30)]
        return [*headings[source], "202210", "202212"], rows
    rows = [[f"E0100{n:04d}", "x", BOROUGHS[n], *CLASSES[n % 8], "1", "2"] for n in range(30)]
    return [*LSOA_COUNTS, "202210", "202212"], rows


SOURCES = (
    "police_uk_street",
    "police_uk_stop_search",
    "mps_crime_counts_borough",
    "mps_crime_counts_ward",
    "mps_crime_counts_lsoa",
    "lfb_animal_rescue",
)


def told_of(outcome: Outcome) -> str:
    return repr(outcome.as_json()) + "".join(f.message for f in outcome.inspection.findings)


@pytest.mark.parametrize(
    ("source", "planted"),
    [
        *product(SOURCES, ["every cell", "one row"]),
        *product(["police_uk_street", "mps_crime_counts_lsoa"], ["one column at a time"]),
    ],
)
def test_no_value_reaches_a_message_report_json_or_log(
    shop: Workshop, source, planted, plain_judge, capsys, caplog
):
    headings, rows = sound_rows(source)
    if planted == "every cell":
        files = [[[f"{MARKER} {number}"] * len(headings) for number in range(30)]]
    elif planted == "one row":
        files = [[*rows, [MARKER] * len(headings), [MARKER] * (len(headings) + 2)]]
    else:
        files = [
            [[MARKER if at == place else cell for at, cell in enumerate(row)] for row in rows]
            for place in range(len(headings))
        ]
    caplog.set_level("DEBUG")
    paths = [
        str(shop.put(f"{source}-{number}.csv", table(headings, content)))
        for number, content in enumerate(files)
    ]
    for arguments in (["check", "--json"], ["land"]):
        assert main([*arguments, "--source", source, *paths]) in (0, 1)
    assert main(["status", "--json"]) == 0
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    told = out + err + caplog.text + shop.reports() + repr(shop.execute("from vault.ledger.findings"))
    assert MARKER.lower() not in told.lower()
    assert out.count('"message"') >= len(files), "something was told at all"


def test_an_unknown_publisher_is_numbered_and_not_named(look):
    rows = [row for month in ("2022-01", "2022-03") for row in street_rows(10, month, Reported_by=MARKER)]
    rows += [row for month in ("2022-01", "2022-03") for row in street_rows(32, month, "Robbery")]
    inspection = look("two-forces-street.csv", table(STREET, rows))
    message = found(inspection, "month_is_missing").message
    assert "2022-02 (Metropolitan Police Service) is missing" in message
    assert "2022-02 (publisher 2 of 2) is missing" in message


def test_the_json_of_check_has_the_promised_shape(shop, capsys):
    rows = with_cells(street_rows(40), STREET, "Month", {7: ""})
    path = shop.put("2023-01-metropolitan-street.csv", table(STREET, rows))
    assert main(["check", "--json", str(path)]) == 0
    (told,) = json_lines(capsys.readouterr().out)
    assert told["file"] == "2023-01-metropolitan-street.csv"
    assert (told["source"], told["verdict"]) == ("police_uk_street", "accepted_with_warnings")
    assert (told["rows_delivered"], told["rows_accepted"], told["rows_quarantined"]) == (40, 39, 1)
    assert {"check", "severity", "column", "count", "message"} <= set(told["findings"][0])
