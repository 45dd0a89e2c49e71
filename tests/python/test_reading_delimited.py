"""Delimited text: records, their numbers, and rows that do not fit."""

import duckdb
import pytest

from swp.errors import Rejection
from swp.reading import load, recognise
from test_reading_common import CONTRACTS, HEADER, malformed_of, only, read, rejected, rows_of, write


def taken(tmp_path, text, columns="row_number, case_ref, note"):
    return rows_of(write(tmp_path / "x.csv", HEADER + text), columns)


def faults(tmp_path, text):
    return malformed_of(write(tmp_path / "x.csv", HEADER + text))


def test_quoted_line_ends_and_delimiters_belong_to_their_cell(tmp_path):
    text = 'A1,1,2,3,"two\nlines, one cell"\r\nA2,1,2,3,"a ""word"""\n'
    assert taken(tmp_path, text) == [(2, "A1", "two\nlines, one cell"), (3, "A2", 'a "word"')]


def test_a_quotation_mark_inside_an_unquoted_cell_is_text(tmp_path):
    assert taken(tmp_path, 'A1,1,2,3,5" pipe\n') == [(2, "A1", '5" pipe')]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_known(tmp_path, end):
    path = write(tmp_path / "x.csv", (HEADER + "A1,1,2,3,a\nA2,1,2,3,b\n").replace("\n", end))
    assert rows_of(path) == [(2, "A1", "a"), (3, "A2", "b")]


def test_a_last_line_without_its_end_is_a_row(tmp_path):
    assert taken(tmp_path, "A1,1,2,3,a\nA2,1,2,3,b") == [(2, "A1", "a"), (3, "A2", "b")]


def test_blank_lines_are_no_rows_but_count_in_row_numbers(tmp_path):
    assert taken(tmp_path, "\nA1,1,2,3,a\n\n,,,,\n   \nA2,1,2,3,b\n\n") == [(3, "A1", "a"), (7, "A2", "b")]


def test_blank_lines_above_the_headings_are_passed_over(tmp_path):
    path = write(tmp_path / "x.csv", "\n,,\n" + HEADER + "A1,1,2,3,a\n")
    assert rows_of(path) == [(4, "A1", "a")]


def test_empty_fields_at_the_end_may_be_left_off_or_added(tmp_path):
    assert taken(tmp_path, "A1,1\nA2,1,2,3,b,,,\n", "case_ref, ward_name, note") == [
        ("A1", "", ""),
        ("A2", "2", "b"),
    ]


def test_delimiters_at_the_end_of_every_line_are_no_columns(tmp_path):
    path = write(tmp_path / "x.csv", HEADER.replace("\n", ",,\n") + "A1,1,2,3,a,,\n")
    connection, match, _ = read(path)
    assert match.width == 5
    assert connection.execute("select note, _extra from delivered").fetchall() == [("a", {})]


def test_a_row_with_a_field_too_many_is_set_aside_as_it_came(tmp_path):
    path = write(tmp_path / "x.csv", HEADER + "A1,1,2,3,a\nA2,1,2,3,b,c\nA3,1,2,3,c\n")
    connection, _, loaded = read(path)
    assert (loaded.rows, loaded.malformed_rows, loaded.delivered) == (2, 1, 3)
    assert loaded.malformed == ((3, "too many fields: 6 under 5 headings"),)
    (aside,) = connection.execute("from delivered_malformed").fetchall()
    assert aside == (3, "too many fields: 6 under 5 headings", "A2,1,2,3,b,c")
    assert connection.execute("select row_number from delivered").fetchall() == [(2,), (4,)]


def test_a_row_without_its_required_columns_is_set_aside(tmp_path):
    assert faults(tmp_path, "A1\nA2,1,2,3,b\n") == [(2, "too few fields: 1 under 5 headings", "A1")]


def test_a_last_row_cut_short_is_set_aside(tmp_path):
    ((row, reason, text),) = faults(tmp_path, "A1,1,2,3,a\nA2,1,Abbey R")
    assert (row, text) == (3, "A2,1,Abbey R")
    assert "the file ends there" in reason


def test_a_row_that_lacks_months_is_set_aside(tmp_path):
    path = write(tmp_path / "x.csv", "Area,Class,202201,202202\na,b,1,2\na,c,1\n")
    assert [row for row, _, _ in malformed_of(path)] == [3]


def test_a_mark_that_is_not_doubled_sets_its_row_aside(tmp_path):
    text = 'A1,1,2,3,"the "Red Lion" pub"\nA2,1,2,3,b\n'
    ((row, reason, raw),) = faults(tmp_path, text)
    assert (row, raw) == (2, 'A1,1,2,3,"the "Red Lion" pub"')
    assert "quotation mark" in reason
    assert taken(tmp_path, text) == [(3, "A2", "b")]


def test_a_stray_mark_does_not_swallow_the_rows_up_to_the_next(tmp_path):
    text = 'A1,1,2,3,"open\nA2,1,2,3,b\nA3,1,2,3,c\nA4,1,2,3,"d"\nA5,1,2,3,e\n'
    assert [row for row, _, _ in faults(tmp_path, text)] == [2]
    assert [ref for _, ref, _ in taken(tmp_path, text)] == ["A2", "A3", "A4", "A5"]


def test_a_stray_mark_that_gives_too_many_fields_swallows_nothing_either(tmp_path):
    text = 'A1,1,2,3,"open\nA2,1,2,3,b",extra,more\nA3,1,2,3,c\n'
    assert [row for row, _, _ in faults(tmp_path, text)] == [2, 3]
    assert taken(tmp_path, text) == [(4, "A3", "c")]


def test_rows_swallowed_by_two_stray_marks_are_set_aside_together(tmp_path):
    text = 'A1,1,2,3,"open\n' + "A2,1,2,3,b\n" * 3 + 'A3,1,2,3,close"\nA4,1,2,3,d\n'
    ((row, reason, raw),) = faults(tmp_path, text)
    assert (row, raw.count("\n")) == (2, 4)
    assert "whole rows" in reason
    assert taken(tmp_path, text) == [(3, "A4", "d")]


def test_prose_with_commas_over_several_lines_is_a_cell(tmp_path):
    prose = "one, two, three, four, five\nsix, seven, eight, nine, ten\nand so on"
    assert taken(tmp_path, f'A1,1,2,3,"As follows:\n{prose}"\n') == [(2, "A1", f"As follows:\n{prose}")]


def test_a_quotation_that_is_never_closed_rejects_the_file(tmp_path):
    rejection = rejected(write(tmp_path / "x.csv", HEADER + 'A1,1,2,3,a\nA2,1,2,3,"open\nA3,1,2,3,c\n'))
    assert rejection.check == "quotation_never_closed"
    assert "row 3" in rejection.message


def test_a_quotation_that_is_never_closed_is_found_without_reading_on(tmp_path):
    rows = "".join(f"B{number},1,2,3,a\n" for number in range(200_000))
    rejection = rejected(write(tmp_path / "x.csv", HEADER + 'A1,1,2,3,"open\n' + rows))
    assert rejection.check == "quotation_never_closed"
    assert "row 2" in rejection.message


def test_a_quotation_that_opens_in_the_headings_rejects_the_file(tmp_path):
    path = write(tmp_path / "x.csv", '"Case ID,Date opened\nA1,1\n')
    assert rejected(path).check == "quotation_never_closed"


def test_a_line_of_ten_million_characters_rejects_the_file(tmp_path):
    path = write(tmp_path / "x.csv", HEADER + "A1,1,2,3,a\nA2,1,2,3," + "x" * 10_000_000 + "\nA3,1,2,3,c\n")
    rejection = rejected(path)
    assert rejection.check == "line_too_long"
    assert "Row 3" in rejection.message
    assert "xxx" not in rejection.message


def test_a_line_of_a_million_characters_is_taken_and_one_more_is_not(tmp_path):
    longest = "A1,1,2,3," + "x" * (1_000_000 - 9)
    assert len(taken(tmp_path, longest + "\r\n")) == 1
    assert rejected(write(tmp_path / "y.csv", HEADER + longest + "x\r\n")).check == "line_too_long"


def test_headings_alone_are_no_rows(tmp_path):
    assert rejected(write(tmp_path / "x.csv", HEADER + "\n,,,,\n")).check == "no_rows"


def test_a_rejected_file_leaves_no_table(tmp_path):
    member = only(write(tmp_path / "x.csv", HEADER + 'A1,1,2,3,"open\n'))
    with duckdb.connect() as connection:
        with pytest.raises(Rejection):
            load(connection, member, recognise(member, CONTRACTS), "delivered")
        assert connection.execute("show tables").fetchall() == []


def test_absent_columns_are_null_and_unexpected_ones_are_extra(tmp_path):
    path = write(tmp_path / "x.csv", "Case ID,Date opened,Ward,Officer's name\nA1,1,,Jo\n")
    found = rows_of(path, "ward_name, cost_gbp, note, _extra")
    assert found == [("", None, None, {"Officer's name": "Jo"})]


def test_months_as_columns_come_as_a_map(tmp_path):
    path = write(tmp_path / "x.csv", "Area,202201,Class,202202\nLambeth,1,Arson,\n")
    assert rows_of(path, "area_name, class_name, counts") == [
        ("Lambeth", "Arson", {"202201": "1", "202202": ""})
    ]


def test_the_table_name_is_only_a_name(tmp_path):
    member = only(write(tmp_path / "x.csv", HEADER + "A1,1,2,3,a\n"))
    name = 'x"; drop table y; --'
    with duckdb.connect() as connection:
        load(connection, member, recognise(member, CONTRACTS), name)
        names = {table for (table,) in connection.execute("show tables").fetchall()}
    assert names == {name, f"{name}_malformed"}


def test_rows_of_many_batches_keep_their_numbers(tmp_path):
    text = "".join(f"A{number},1,2,3,{'x' if number % 3 else ''}\n" for number in range(2, 50_002))
    connection, _, loaded = read(write(tmp_path / "x.csv", HEADER + text))
    assert loaded.rows == 50_000
    wrong = "select count(*) from delivered where case_ref <> 'A' || row_number"
    assert connection.execute(wrong).fetchone() == (0,)
