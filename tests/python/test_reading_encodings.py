"""In which encoding a text was written."""

import pytest

from test_reading_common import HEADER, WARD_COUNTS, match_of, rejected, rows_of, write

ROWS = HEADER + "A1,01/10/2022,Abbey Road,12,Café \u2013 £5\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_and_utf_8_are_known(tmp_path, encoding):
    path = write(tmp_path / "x.csv", ROWS.encode(encoding))
    assert rows_of(path) == [(2, "A1", "Café \u2013 £5")]
    dialect = match_of(path).dialect
    assert (dialect.encoding, dialect.had_bom) == (encoding, encoding != "utf-8")


def test_utf_16_of_the_other_byte_order_is_known(tmp_path):
    assert rows_of(write(tmp_path / "x.csv", b"\xfe\xff" + ROWS.encode("utf-16-be"))) == [
        (2, "A1", "Café \u2013 £5")
    ]


def test_a_mark_counts_where_the_contract_does_not_list_it(tmp_path):
    path = write(tmp_path / "x.csv", "Area,Class,Ward code,202201\nZoë,a,b,1\n".encode("utf-16"))
    assert match_of(path).contract is WARD_COUNTS


def test_windows_1252_is_told_from_gb18030(tmp_path):
    path = write(tmp_path / "x.csv", ROWS.encode("cp1252"))
    assert match_of(path).dialect.encoding == "cp1252"
    assert rows_of(path) == [(2, "A1", "Café \u2013 £5")]


@pytest.mark.parametrize("pound", ["£", "\uffe1"])
def test_gb18030_is_told_from_windows_1252(tmp_path, pound):
    text = HEADER.replace("£", pound) + f"A1,2022/10/8 10:04,Abbey Road,12,St James\u2019s {pound}5\n"
    path = write(tmp_path / "x.csv", text.encode("gb18030"))
    assert match_of(path).dialect.encoding == "gb18030"
    assert rows_of(path) == [(2, "A1", f"St James\u2019s {pound}5")]


def test_gb18030_without_signs_in_its_headings_is_known_by_its_text(tmp_path):
    text = "Case ID,Date opened,Ward,Note\nA1,2022/10/8 10:04,St James\u2019s,\u201cquoted\u201d\n"
    path = write(tmp_path / "x.csv", text.encode("gb18030"))
    assert match_of(path).dialect.encoding == "gb18030"


def test_windows_1252_with_letters_in_pairs_is_not_taken_for_gb18030(tmp_path):
    text = "Case ID,Date opened,Ward,Note\nA1,01/10/2022,\u201cÑandú\u2019s\u201d,\u2018éé\u2019 … £5\n"
    path = write(tmp_path / "x.csv", text.encode("cp1252"))
    assert match_of(path).dialect.encoding == "cp1252"


def test_an_encoding_that_the_contract_does_not_list_is_wrong(tmp_path):
    text = "Area,Class,202201\nLambeth,Arson,1\nSt James\u2019s,Arson,1\n"
    rejection = rejected(write(tmp_path / "x.csv", text.encode("cp1252")))
    assert rejection.check == "wrong_encoding"
    assert "Line 3" in rejection.message
    assert "UTF-8" in rejection.message


def test_a_byte_that_no_encoding_has_is_wrong(tmp_path):
    # 0x81 is not in Windows-1252; 0x81 0x20 is not in GB18030.
    rejection = rejected(write(tmp_path / "x.csv", HEADER.replace("£", "").encode() + b"A1,1,2,3,\x81 x\n"))
    assert rejection.check == "wrong_encoding"


def test_damaged_utf_8_is_not_read_as_windows_1252(tmp_path):
    content = ROWS.encode() * 3 + b"A2,01/10/2022,Abbey Road,12,caf\xc3\n"
    rejection = rejected(write(tmp_path / "x.csv", content))
    assert rejection.check == "wrong_encoding"
    assert "Line 7" in rejection.message


def test_a_text_that_stops_inside_a_character_is_wrong(tmp_path):
    assert rejected(write(tmp_path / "x.csv", ROWS.encode() + b"A2,,,,\xe2\x82")).check == "wrong_encoding"


def test_a_bad_byte_after_a_mark_is_wrong(tmp_path):
    content = b"\xef\xbb\xbf" + ROWS.encode() + b"A2,1,2,3,\xa3\n"
    assert rejected(write(tmp_path / "x.csv", content)).check == "wrong_encoding"


def test_a_character_across_two_blocks_is_whole(tmp_path):
    filler = (
        "B,1,2,3,yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n"
    )
    head = HEADER.replace("£", "") + filler * 2
    count, rest = divmod(1024 * 1024 - len(head) - len("A2,1,2,3,") - 1, len(filler))
    text = head + filler * count + "z" * (rest - 1) + "\n" + "A2,1,2,3,£\n"
    content = text.encode()
    assert content[1024 * 1024 - 1 : 1024 * 1024 + 1] == "£".encode()
    assert rows_of(write(tmp_path / "x.csv", content), "note")[-1] == ("£",)
