"""A blank form of every contract: filled in, the gate accepts it; blank, it tells what is asked for."""

import csv
from datetime import datetime, timedelta

import openpyxl
import pytest

from swp.contracts import contract_named, load_contracts
from swp.errors import WrongUse
from swp.landing import check
from swp.steward import examples, template

FILLABLE = sorted(
    contract.name for contract in load_contracts().values() if set(template.FORMATS) & set(contract.formats)
)
ROWS = 8

pytestmark = pytest.mark.usefixtures("plain_judge")


def value(contract, column, row):
    """What a partner might write into this column of this row: dates as dates, all else as it is shown."""
    if column.code_list:
        values = template.code_values(column.code_list)
        return values[row % len(values)]
    if column.type in ("date", "month", "timestamp"):
        day = datetime(2023, 3, 24, 9, 30) if column.type == "timestamp" else datetime(2023, 3, 24)
        return day.replace(day=1) if column.type == "month" else day + timedelta(days=row)
    if column.type == "timestamp_utc":
        return f"2023-03-{row + 24:02d}T10:15:00+00:00"
    if column.type == "boolean":
        return "Yes" if row % 2 else "No"
    if column.type in ("integer", "number"):
        low, high = column.range or (1, 1000)
        return min(high, low + row * (0.25 if column.type == "number" else 1))
    return f"{column.name} {row}"


def as_text(column, given):
    if isinstance(given, datetime):
        return given.strftime(column.formats[0])
    return str(given)


def fill_workbook(contract, path):
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row in range(ROWS):
        for position in range(1, sheet.max_column + 1):
            cell = sheet.cell(row + 2, position)
            if position <= len(contract.columns):
                cell.value = value(contract, contract.columns[position - 1], row)
            else:
                cell.value = row
            # As Excel does: a cell takes the format of its column.
            cell.number_format = sheet.column_dimensions[cell.column_letter].number_format
    book.save(path)


def fill_csv(contract, path):
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in range(ROWS):
            cells = [as_text(column, value(contract, column, row)) for column in contract.columns]
            writer.writerow(cells + [row] * len(template.pattern_headings(contract)))


@pytest.mark.parametrize("name", FILLABLE)
def test_a_form_that_is_filled_in_is_accepted(name, tmp_path, gate_connection):
    contract = contract_named(name)
    kind = template.form(contract)
    path = template.write(contract, tmp_path / template.file_name(contract, kind))
    {"xlsx": fill_workbook, "csv": fill_csv}[kind](contract, path)
    (outcome,) = check(gate_connection, tmp_path, [path])
    assert outcome.inspection.contract is not None, outcome.as_json()["findings"]
    assert outcome.inspection.contract.name == name
    found = {finding.check for finding in outcome.inspection.failed}
    # A form of eight rows cannot hold every borough and class of a force.
    assert found <= {"partial_scope"}, [finding.message for finding in outcome.inspection.failed]
    assert outcome.verdict.startswith("accepted")
    assert outcome.inspection.rows_accepted == ROWS


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    template.write(contract_named("iom_cohort"), path)
    return openpyxl.load_workbook(path)


def test_a_form_has_drop_downs_that_point_at_the_hidden_lists(book):
    sheet = book.worksheets[0]
    assert book["lists"].sheet_state == "hidden"
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    wanted = sum(bool(column.code_list) for column in contract_named("iom_cohort").columns)
    assert sum("lists!" in rule.formula1 for rule in lists) == wanted
    ward = next(rule for rule in lists if "J2" in str(rule.sqref))
    letter = ward.formula1.split("$")[1]
    assert book["lists"][f"{letter}1"].value == "Abbey Road"


def test_a_form_shows_dates_as_the_contract_states_them_and_keeps_leading_noughts(book):
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    formats = {
        heading: sheet.column_dimensions[sheet.cell(1, place).column_letter].number_format
        for place, heading in enumerate(headings, 1)
    }
    assert formats["DATE_OF_BIRTH"] == "dd/mm/yyyy"
    assert formats["IOM_REF"] == "@"
    assert sheet.freeze_panes == "A2"


def test_the_data_dictionary_says_the_need_in_words_and_why_each_column_is_asked(book):
    rows = {row[0]: row for row in book[template.DICTIONARY].iter_rows(values_only=True)}
    for column in contract_named("iom_cohort").columns:
        assert rows[column.label][1] == column.need.capitalize()
        assert rows[column.label][2] == column.description
    assert rows["OGRS_2YR_PCT"][3] == "A number, 0 to 100"
    assert "R12" in rows["IOM_REF"][5]
    assert rows["Required"][1] == template.NEED_WORDS["required"]


def test_the_data_dictionary_says_what_the_law_asks_and_what_of_it_no_column_says():
    rows = {row[0]: row[-1] for row in template._dictionary_rows(contract_named("lfb_incident"))}
    assert rows["PropertyCategory"].startswith("SI 2007/1831, each quarter: deliberate primary fires")
    assert rows["PropertyCategory"].endswith("Whether a fire was deliberate is not in the published file.")
    assert rows["NumCalls"] == ""


def test_the_code_lists_are_there_to_read(book):
    rows = list(book[template.CODES].iter_rows(min_row=2, values_only=True))
    assert ("westminster_wards", "Abbey Road") in {row[:2] for row in rows}


def test_a_blank_form_is_refused_because_it_has_no_rows(tmp_path, gate_connection):
    path = template.write(contract_named("iom_cohort"), tmp_path / "blank.xlsx")
    (outcome,) = check(gate_connection, tmp_path, [path])
    assert outcome.verdict == "rejected"


def test_a_form_of_counts_by_month_shows_the_twelve_months_of_the_review_year():
    months = template.pattern_headings(contract_named("mps_crime_counts_borough"))
    assert (months[0], months[-1], len(months)) == ("202210", "202309", 12)


def test_a_form_that_is_there_already_is_not_overwritten(tmp_path):
    path = tmp_path / "form.xlsx"
    path.write_text("filled in")
    with pytest.raises(WrongUse, match="is there already"):
        template.write(contract_named("iom_cohort"), path)
    assert path.read_text() == "filled in"


def test_a_map_has_no_form_and_a_wrong_format_is_named():
    with pytest.raises(WrongUse, match="geojson only"):
        template.form(contract_named("ons_ward_boundary"))
    with pytest.raises(WrongUse, match="not taken as xlsx"):
        template.form(contract_named("police_uk_street"), "xlsx")


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("Cohort.*", "Cohort"),
        (r"I[Mo]D *20\d\d", "IMD2000"),
        (r"(Persons|Males)_(All-Ages|\d+)", "Persons_All-Ages"),
        ("ASB cases", "ASB cases"),
    ],
)
def test_an_example_of_a_pattern_fits_it(pattern, wanted):
    assert examples.fitting(pattern) == [wanted]
