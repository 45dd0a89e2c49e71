"""Which contract a file is meant for."""

from dataclasses import replace

import pytest

from swp.contracts import Column
from swp.errors import WrongUse
from test_reading_common import CASES, CONTRACTS, COUNTS, HEADER, WARD_COUNTS, match_of, read, rejected, write


def headed(tmp_path, headings, name="x.csv", row=None):
    values = row or ",".join("1" for _ in headings.split(","))
    return write(tmp_path / name, f"{headings}\n{values}\n")


def test_headings_are_matched_by_label_name_and_alias_in_any_case_and_order(tmp_path):
    match = match_of(headed(tmp_path, "NOTE,ward name,Reference,opened_date,cost"))
    assert match.contract is CASES
    assert match.columns == {"note": 0, "ward_name": 1, "case_ref": 2, "opened_date": 3, "cost_gbp": 4}
    assert match.labels["case_ref"] == "Reference"
    assert match.missing == ()
    assert match.score == 1


def test_missing_and_unexpected_columns_are_told(tmp_path):
    match = match_of(headed(tmp_path, "Case ID,Date opened,Officer,Officer,,Note"))
    assert [column.name for column in match.missing] == ["ward_name", "cost_gbp"]
    assert match.unexpected == (("Officer", 2), ("Officer (2)", 3), ("column 5", 4))


def test_months_as_columns_are_no_surprise(tmp_path):
    match = match_of(headed(tmp_path, "Area,Class,202201, 202202"))
    assert match.pattern == (("202201", 2), ("202202", 3))
    assert match.unexpected == ()


def test_the_contract_that_explains_more_headings_wins(tmp_path):
    assert match_of(headed(tmp_path, "Area,Class,202201")).contract is COUNTS
    assert match_of(headed(tmp_path, "Area,Class,Ward code,202201")).contract is WARD_COUNTS


def test_a_tie_is_broken_by_the_file_name_and_then_by_the_contract_name(tmp_path):
    twin = replace(CASES, name="a_twin", file_names=("*twin*",))
    contracts = (*CONTRACTS, twin)
    assert match_of(headed(tmp_path, "Case ID,Date opened,Ward", "cases.csv"), contracts).contract is CASES
    assert match_of(headed(tmp_path, "Case ID,Date opened,Ward", "TWIN.csv"), contracts).contract is twin
    assert match_of(headed(tmp_path, "Case ID,Date opened,Ward", "x.csv"), contracts).contract is twin


def test_a_name_like_another_source_is_noted(tmp_path):
    match = match_of(headed(tmp_path, "Case ID,Date opened,Ward", "counts_2022.csv"))
    assert match.contract is CASES
    assert match.named_like == "counts"
    assert match_of(headed(tmp_path, "Case ID,Date opened,Ward", "Cases.csv")).named_like is None


def test_a_renamed_key_column_is_named_with_what_it_may_be_now(tmp_path):
    rejection = rejected(headed(tmp_path, "Case number,Date opened,Ward,Note"))
    assert rejection.check == "key_column_missing"
    assert rejection.column == "Case ID"
    assert "Case number" in rejection.message
    assert "cases" in rejection.message


def test_months_that_are_absent_are_missing_like_a_key(tmp_path):
    rejection = rejected(headed(tmp_path, "Area,Class"))
    assert rejection.check == "key_column_missing"
    assert "month" in rejection.message


def test_an_unknown_source_lists_headings_but_no_more_than_twelve(tmp_path):
    rejection = rejected(
        headed(tmp_path, ",".join(f"Head {'x' * 50} {letter}" for letter in "abcdefghijklmno"))
    )
    assert rejection.check == "source_not_recognised"
    assert "and 3 more" in rejection.message
    assert "x" * 40 not in rejection.message


def test_an_unknown_source_names_the_closest(tmp_path):
    assert "cases" in rejected(headed(tmp_path, "Ward,Height,Width,Depth")).message


def test_a_table_without_headings_shows_none_of_its_values(tmp_path):
    rejection = rejected(write(tmp_path / "x.csv", "John Smith,01/02/1990\nJane Doe,02/03/1991\n"))
    assert rejection.check == "source_not_recognised"
    assert "Smith" not in rejection.message


def test_one_key_alone_makes_no_source(tmp_path):
    assert rejected(headed(tmp_path, "Case ID,Height,Width,Depth")).check == "source_not_recognised"


def test_the_wrong_source_says_what_it_looks_like(tmp_path):
    rejection = rejected(headed(tmp_path, "Area,Class,202201"), source="cases")
    assert rejection.check == "wrong_source"
    assert "counts" in rejection.message


def test_a_stated_source_that_another_explains_better_is_wrong(tmp_path):
    assert rejected(headed(tmp_path, "Area,Class,Ward code,202201"), source="counts").check == "wrong_source"


def test_a_stated_source_decides_between_twins(tmp_path):
    twin = replace(CASES, name="a_twin")
    path = headed(tmp_path, "Case ID,Date opened,Ward")
    assert match_of(path, (CASES, twin), source="cases").contract is CASES


def test_a_stated_source_with_a_renamed_key_is_told_so(tmp_path):
    path = headed(tmp_path, "Case number,Date opened,Ward,Note")
    assert rejected(path, source="cases").check == "key_column_missing"


def test_a_source_that_does_not_exist_is_wrong_use(tmp_path):
    path = headed(tmp_path, "Case ID")
    with pytest.raises(WrongUse, match="Known sources: cases"):
        match_of(path, source="nothing")


@pytest.mark.parametrize("headings", ["Case ID,Reference,Date opened,Ward", "Area,Class,202201,202201"])
def test_two_headings_for_one_column_are_rejected(tmp_path, headings):
    assert rejected(headed(tmp_path, headings)).check == "heading_twice"


def test_a_label_pattern_takes_what_no_exact_label_takes(tmp_path):
    key = Column("lsoa_code", "LSOA11CD", need="key", label_pattern=r"LSOA\d\dCD")
    contract = replace(CASES, name="patterned", columns=(key, *CASES.columns[1:]))
    assert match_of(headed(tmp_path, "LSOA21CD,Date opened,Ward"), [contract]).columns["lsoa_code"] == 0
    both = match_of(headed(tmp_path, "LSOA21CD,LSOA11CD,Date opened,Ward"), [contract])
    assert both.columns["lsoa_code"] == 1
    assert both.unexpected == (("LSOA21CD", 0),)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_under_which_the_headings_are_known(tmp_path, delimiter):
    path = write(tmp_path / "x.csv", HEADER.replace(",", delimiter) + delimiter.join("abcde") + "\n")
    connection, match, _ = read(path)
    assert match.dialect.delimiter == delimiter
    assert connection.execute("select case_ref, note from delivered").fetchall() == [("a", "e")]


def test_quoted_headings_with_line_ends_are_one_row(tmp_path):
    path = write(tmp_path / "x.csv", '"Case\nID","Date opened",Ward\n1,2,3\n')
    connection, match, _ = read(path)
    assert match.score == 1
    assert connection.execute("select row_number, case_ref from delivered").fetchall() == [(2, "1")]


def test_headings_that_cannot_be_read_are_rejected(tmp_path):
    assert rejected(write(tmp_path / "x.csv", '"Case "ID" x\n1\n')).check == "headings_unreadable"


def test_a_table_of_thousands_of_columns_is_rejected(tmp_path):
    path = headed(tmp_path, ",".join(f"x{number}" for number in range(2_001)))
    assert rejected(path).check == "too_many_columns"
