"""Excel workbooks: the sheet, the header row, dates, and what cannot be read."""

import datetime as dt
import zipfile

import pytest
from openpyxl import Workbook

from swp.reading import Limits, Refused, members
from swp.reading.cell_styles import DATE, DATE_TIME, TIME, kind_of_format
from test_reading_common import CASES, COUNTS, read, rejected, rows_of, write

HEADINGS = ["Case ID", "Date opened", "Ward", "Cost (£)", "Note"]
ROW = ["A1", dt.date(2022, 10, 1), "Abbey Road", 12.5, "first"]


def saved(path, sheets, book=None):
    book = book or Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_the_table_is_found_below_a_title_and_on_any_sheet(tmp_path):
    path = saved(
        tmp_path / "x.xlsx",
        {
            "Read me": [["About this file"]],
            'It\'s data; "x"': [["Cases of 2022"], [], HEADINGS, ROW, [], ROW],
        },
    )
    connection, match, loaded = read(path)
    assert (match.dialect.sheet, match.dialect.header_row) == ('It\'s data; "x"', 3)
    assert loaded.rows == 2
    found = connection.execute("select row_number, opened_date, cost_gbp from delivered").fetchall()
    assert found == [(4, "01/10/2022", "12.5"), (6, "01/10/2022", "12.5")]


def test_a_workbook_named_csv_is_read_as_a_workbook(tmp_path):
    path = saved(tmp_path / "x.xlsx", {"a": [HEADINGS, ROW]})
    assert rows_of(path.rename(tmp_path / "cases.csv")) == [(2, "A1", "first")]


@pytest.mark.parametrize("name", ["a'b;--\".xlsx", "[a]*?.xlsx", "Zoë £ 案件.xlsx"])
def test_any_name_of_a_workbook_is_read(tmp_path, name):
    assert rows_of(saved(tmp_path / name, {"a": [HEADINGS, ROW]})) == [(2, "A1", "first")]


def test_dates_and_times_are_what_a_person_sees(tmp_path):
    moment = dt.datetime(2022, 10, 8, 23, 59, 59)
    headings = [*HEADINGS[:3], "Note", "Seen", "At", "Number"]
    path = saved(
        tmp_path / "x.xlsx",
        {"a": [headings, ["A1", moment, "x", dt.date(2022, 10, 1), moment, dt.time(9, 15), 44835]]},
    )
    (found,) = rows_of(path, "opened_date, note, _extra")
    assert found == (
        "08/10/2022",
        "2022-10-01",
        {"Seen": "2022-10-08 23:59:59", "At": "09:15:00", "Number": "44835"},
    )


def test_a_plain_number_in_a_column_of_dates_is_a_date_and_text_stays_text(tmp_path):
    path = saved(
        tmp_path / "x.xlsx", {"a": [HEADINGS, ["A1", 44835, "x"], ["A2", "1 Oct", "x"], ["A3", 2022, "x"]]}
    )
    assert rows_of(path, "opened_date") == [("01/10/2022",), ("1 Oct",), ("2022",)]


def test_workbooks_that_count_from_1904_are_known(tmp_path):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    path = saved(tmp_path / "x.xlsx", {"a": [HEADINGS, ROW]}, book)
    assert rows_of(path, "opened_date") == [("01/10/2022",)]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("dd/mm/yyyy", DATE),
        ("mmm-yy", DATE),
        ("[$-809]d mmmm yyyy;@", DATE),
        ("hh:mm", TIME),
        ("yyyy-mm-dd hh:mm:ss", DATE_TIME),
        ("[h]:mm", None),
        ("#,##0.00", None),
        ('0" days"', None),
        ("[Red]0", None),
        ("General", None),
    ],
)
def test_number_formats_say_what_they_show(code, kind):
    assert kind_of_format(code) == kind


def test_two_sheets_that_fit_are_rejected(tmp_path):
    path = saved(tmp_path / "x.xlsx", {"2022": [HEADINGS, ROW], "2023": [HEADINGS, ROW]})
    rejection = rejected(path)
    assert rejection.check == "two_sheets_fit"
    assert "'2022', '2023'" in rejection.message


def test_two_sheets_of_two_sources_are_rejected_unless_the_source_is_stated(tmp_path):
    path = saved(
        tmp_path / "x.xlsx",
        {"Cases": [HEADINGS, ROW], "Counts": [["Area", "Class", "202201"], ["Lambeth", "Arson", 1]]},
    )
    assert rejected(path).check == "two_sheets_fit"
    assert read(path, source="cases")[1].dialect.sheet == "Cases"
    assert read(path, source="counts")[1].dialect.sheet == "Counts"


def test_the_contract_may_name_its_sheet(tmp_path):
    from dataclasses import replace

    contract = replace(CASES, sheet="202[3-9]")
    path = saved(tmp_path / "x.xlsx", {"2022": [HEADINGS, ROW], "2023": [HEADINGS, ROW]})
    assert read(path, [contract])[1].dialect.sheet == "2023"
    alone = saved(tmp_path / "y.xlsx", {"Another name": [HEADINGS, ROW]})
    assert read(alone, [contract])[1].dialect.sheet == "Another name"


def test_a_workbook_in_which_no_sheet_fits_names_its_sheets(tmp_path):
    rejection = rejected(saved(tmp_path / "x.xlsx", {"Summary": [["Total", 1]], "Chart data": [["a", "b"]]}))
    assert rejection.check == "no_sheet_fits"
    assert "'Summary', 'Chart data'" in rejection.message


def test_a_renamed_key_is_told_with_its_sheet(tmp_path):
    rejection = rejected(saved(tmp_path / "x.xlsx", {"a": [["Case number", *HEADINGS[1:]], ROW]}))
    assert rejection.check == "key_column_missing"
    assert "sheet 'a'" in rejection.message


def test_hidden_sheets_and_charts_are_passed_over(tmp_path):
    book = Workbook()
    path = saved(tmp_path / "x.xlsx", {"a": [HEADINGS, ROW], "b": [HEADINGS, ROW], "empty": []}, book)
    book["b"].sheet_state = "hidden"
    book.create_chartsheet("chart")
    book.save(path)
    assert read(path)[1].dialect.sheet == "a"


def test_empty_columns_and_notes_beside_the_table_are_left_out(tmp_path):
    rows = [[*HEADINGS, None, None], [*ROW, None, "a remark"], [None] * 7, [None] * 7]
    connection, match, loaded = read(saved(tmp_path / "x.xlsx", {"a": rows}))
    assert (match.width, loaded.rows) == (5, 1)
    assert connection.execute("select _extra from delivered").fetchall() == [({},)]


def test_blank_cells_are_null_and_months_come_as_a_map(tmp_path):
    path = saved(
        tmp_path / "x.xlsx", {"a": [["Area", "Class", 202201, "202202"], ["Lambeth", "Arson", 3, None]]}
    )
    assert rows_of(path, "counts", [COUNTS]) == [({"202201": "3", "202202": None},)]


def test_an_empty_workbook_and_headings_alone_are_rejected(tmp_path):
    assert rejected(saved(tmp_path / "x.xlsx", {"a": [], "b": []})).check == "file_is_empty"
    assert rejected(saved(tmp_path / "y.xlsx", {"a": [HEADINGS]})).check == "no_rows"


def test_a_workbook_that_unpacks_too_far_is_refused_unopened(tmp_path):
    path = saved(tmp_path / "x.xlsx", {"a": [HEADINGS, ROW]})
    (found,) = members(path, tmp_path, Limits(workbook=5_000))
    assert isinstance(found, Refused)
    assert found.rejection.check == "file_too_large"


def test_a_workbook_whose_parts_are_damaged_is_told_so(tmp_path):
    path = saved(tmp_path / "x.xlsx", {"a": [HEADINGS, ROW]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        broken = tmp_path / f"{name.replace('/', '-')}.xlsx"
        with zipfile.ZipFile(broken, "w") as archive:
            for part, content in parts.items():
                archive.writestr(part, content[:-30] if part == name else content)
        assert rejected(broken).check == "workbook_unreadable"


def test_a_workbook_with_a_wrong_byte_is_damaged(tmp_path):
    path = saved(tmp_path / "x.xlsx", {"a": [HEADINGS, ROW]})
    content = bytearray(path.read_bytes())
    at = content.index(b"xl/worksheets/sheet1.xml") + 60
    content[at] ^= 0xFF
    assert rejected(write(path, bytes(content))).check == "compressed_file_damaged"
