"""What a path delivers, and what is refused before any table is looked for."""

import gzip
import io
import os
import stat
import zipfile

import pytest

from swp.errors import Rejection
from swp.reading import Limits, Member, Refused, members, recognise
from test_reading_common import CONTRACTS, HEADER, OUTLINES, only, rejected, rows_of, write

ROWS = HEADER + "A1,01/10/2022,Abbey Road,12,first\n"


def refusal(path, **more) -> Rejection:
    (found,) = members(path, path.parent / "scratch", **more)
    assert isinstance(found, Refused), found
    return found.rejection


def zipped(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_a_file_and_its_gzip_are_the_same_content(tmp_path):
    plain = only(write(tmp_path / "x.csv", ROWS))
    packed = only(write(tmp_path / "x.csv.gz", gzip.compress(ROWS.encode())))
    assert (plain.format, packed.format) == ("csv", "csv.gz")
    assert plain.content_sha256 == packed.content_sha256


def test_a_gzip_is_known_by_its_content_and_not_by_its_name(tmp_path):
    assert rows_of(write(tmp_path / "x.csv", gzip.compress(ROWS.encode()))) == [(2, "A1", "first")]


def test_a_gzip_cut_short_is_damaged(tmp_path):
    packed = gzip.compress(os.urandom(200_000).hex().encode())
    assert (
        refusal(write(tmp_path / "x.csv.gz", packed[: len(packed) // 2])).check == "compressed_file_damaged"
    )


def test_a_gzip_with_a_wrong_byte_is_damaged(tmp_path):
    packed = bytearray(gzip.compress(ROWS.encode() * 100))
    packed[-6] ^= 0xFF
    assert refusal(write(tmp_path / "x.csv.gz", bytes(packed))).check == "compressed_file_damaged"


def test_a_gzip_stops_at_the_size_limit(tmp_path):
    path = write(tmp_path / "x.csv.gz", gzip.compress(ROWS.encode() * 1000))
    assert refusal(path, limits=Limits(content=10_000)).check == "file_too_large"


def test_a_gzip_that_unpacks_to_hundreds_of_times_its_size_is_refused(tmp_path):
    path = write(tmp_path / "x.csv.gz", gzip.compress(ROWS.encode() + b"0" * 3_000_000))
    assert refusal(path, limits=Limits(ratio_from=1_000_000)).check == "compressed_too_far"


def test_a_zip_gives_each_of_its_files(tmp_path):
    path = zipped(
        tmp_path / "download.zip",
        {
            "2023-01/cases.csv": ROWS,
            "__MACOSX/2023-01/._cases.csv": "x",
            ".DS_Store": "x",
            "b.csv": "Area\n1\n",
        },
    )
    found = list(members(path, tmp_path / "scratch"))
    assert [member.name for member in found] == ["download.zip > 2023-01/cases.csv", "download.zip > b.csv"]
    assert found[0].file_name == "cases.csv"
    assert recognise(found[0], CONTRACTS).contract.name == "cases"


def test_a_gzip_inside_a_zip_is_taken(tmp_path):
    path = zipped(tmp_path / "download.zip", {"cases.csv.gz": gzip.compress(ROWS.encode())})
    (member,) = members(path, tmp_path / "scratch")
    assert member.format == "csv.gz"


def test_an_archive_in_an_archive_is_refused_and_the_others_are_taken(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deeper.csv", ROWS)
    path = zipped(tmp_path / "download.zip", {"inner.zip": inner.getvalue(), "cases.csv": ROWS})
    refused, taken = members(path, tmp_path / "scratch")
    assert refused.rejection.check == "archive_in_archive"
    assert isinstance(taken, Member)


def test_a_zip_of_itself_ends_at_its_first_level(tmp_path):
    path = zipped(tmp_path / "self.zip", {"other.csv": ROWS})
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(path, "self.zip")
    assert [type(found).__name__ for found in members(path, tmp_path / "scratch")] == ["Member", "Refused"]


def test_no_entry_is_written_outside_scratch(tmp_path):
    path = zipped(
        tmp_path / "tricks.zip", {"../../evil.csv": ROWS, "/abs/evil.csv": ROWS, "..\\evil.csv": ROWS}
    )
    before = {each.name for each in tmp_path.iterdir()}
    found = list(members(path, tmp_path / "scratch"))
    assert [member.file_name for member in found] == ["evil.csv"] * 3
    assert all(member.path.parent == tmp_path / "scratch" for member in found)
    assert {each.name for each in tmp_path.iterdir()} == before | {"scratch"}
    assert not list(tmp_path.parent.glob("evil.csv"))


def test_extracted_entries_are_readable_by_their_owner_only(tmp_path):
    (member,) = members(zipped(tmp_path / "a.zip", {"cases.csv": ROWS}), tmp_path / "scratch")
    assert stat.S_IMODE(member.path.stat().st_mode) == 0o600


def test_a_link_inside_a_zip_is_refused(tmp_path):
    entry = zipfile.ZipInfo("link.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry, "/etc/hostname")
    assert refusal(tmp_path / "a.zip").check == "symbolic_link"


def test_an_encrypted_zip_is_refused(tmp_path):
    path = zipped(tmp_path / "secret.zip", {"cases.csv": ROWS})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag in the local header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    assert refusal(write(path, bytes(content))).check == "archive_encrypted"


def test_a_damaged_entry_is_refused_and_the_others_are_taken(tmp_path):
    path = zipped(tmp_path / "a.zip", {"first.csv": ROWS, "second.csv": ROWS})
    content = bytearray(path.read_bytes())
    start = content.index(b"first.csv") + len(b"first.csv")
    content[start : start + 20] = b"\xff" * 20
    refused, taken = members(write(path, bytes(content)), tmp_path / "scratch")
    assert refused.rejection.check == "compressed_file_damaged"
    assert isinstance(taken, Member)


def test_a_zip_cut_short_is_damaged(tmp_path):
    path = zipped(tmp_path / "a.zip", {"cases.csv": ROWS * 100})
    assert refusal(write(path, path.read_bytes()[:-40])).check == "compressed_file_damaged"


def test_entries_stop_at_their_size_limits(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.csv": ROWS * 10, "b.csv": ROWS * 10})
    limit = len(ROWS.encode()) * 15
    taken, refused = members(path, tmp_path / "scratch", Limits(archive=limit))
    assert isinstance(taken, Member)
    assert refused.rejection.check == "file_too_large"
    too_small = members(path, tmp_path / "scratch", Limits(content=100))
    assert [found.rejection.check for found in too_small] == ["file_too_large"] * 2


def test_an_archive_with_too_many_entries_is_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", {f"{number}.csv": ROWS for number in range(5)})
    assert refusal(path, limits=Limits(entries=4)).check == "archive_too_large"


def test_an_empty_zip_is_empty(tmp_path):
    assert refusal(zipped(tmp_path / "a.zip", {})).check == "file_is_empty"


def test_a_symbolic_link_is_refused(tmp_path):
    target = write(tmp_path / "outside.csv", ROWS)
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    assert refusal(link).check == "symbolic_link"


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), os.mkfifo])
def test_a_folder_or_device_is_not_a_file(tmp_path, make):
    make(tmp_path / "x.csv")
    assert refusal(tmp_path / "x.csv").check == "not_a_file"


def test_an_absent_file_is_not_found(tmp_path):
    assert refusal(tmp_path / "nothing.csv").check == "not_found"


def test_a_file_without_permission_says_so(tmp_path, monkeypatch):
    path = write(tmp_path / "x.csv", ROWS)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("swp.reading.delivered.open_plain", refuse)
    assert refusal(path).check == "not_permitted"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n \n", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_empty(tmp_path, content):
    assert refusal(write(tmp_path / "x.csv", content)).check == "file_is_empty"


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><p>Log in", b"\xef\xbb\xbf\n <html>"])
def test_a_web_page_named_csv_is_told_as_such(tmp_path, content):
    assert refusal(write(tmp_path / "x.csv", content)).check == "web_page"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x89PNG\r\n",
        b"\xff\xd8\xff\xe0",
        b'[{"a": 1}]',
        b"Rar!",
    ],
)
def test_a_format_that_holds_no_table_is_not_accepted(tmp_path, content):
    rejection = refusal(write(tmp_path / "x.csv", content + b" rest" * 100))
    assert rejection.check == "format_not_accepted"
    assert "CSV" in rejection.message


def test_an_office_document_is_not_accepted(tmp_path):
    path = zipped(tmp_path / "x.docx", {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
    assert refusal(path).check == "format_not_accepted"


def test_nul_bytes_are_not_text(tmp_path):
    rejection = refusal(write(tmp_path / "x.csv", ROWS + "A2,\x00,,,\n"))
    assert rejection.check == "not_text"
    assert "Line 3" in rejection.message


def test_utf_16_without_its_mark_is_not_text(tmp_path):
    assert refusal(write(tmp_path / "x.csv", ROWS.encode("utf-16-le"))).check == "not_text"


@pytest.mark.parametrize("name", ["a'b;--\".csv", "line\nend.csv", "Zoë £ 案件.csv", "[a]*?.csv", "-rf.csv"])
def test_any_file_name_is_read(tmp_path, name):
    path = write(tmp_path / name, ROWS)
    assert rows_of(path) == [(2, "A1", "first")]
    assert only(path).name.isprintable()


def test_a_format_that_the_contract_does_not_take_is_named(tmp_path):
    path = write(tmp_path / "x.csv", "WD24CD,geometry,WD24NM\nE05,x,Abbey Road\n")
    rejection = rejected(path, [OUTLINES])
    assert rejection.check == "format_not_accepted"
    assert "geojson" in rejection.message
