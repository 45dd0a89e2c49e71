"""Bad input gets a plain verdict, leaves no stack trace, and changes nothing that was loaded."""

import io
import os
import re
import zipfile
from datetime import datetime

import pytest

from conftest import (
    BOROUGH_COUNTS,
    RESCUES,
    STOPS,
    STREET,
    Workshop,
    borough_counts,
    days,
    gzipped,
    json_lines,
    stop_rows,
    street,
    street_rows,
    table,
)
from swp.cli import main

pytestmark = pytest.mark.usefixtures("plain_judge")

NAME = "2023-01-metropolitan-street.csv"
HTML = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in</body></html>\n"


def renamed(old: str, new: str) -> bytes:
    return table([new if heading == old else heading for heading in STREET], street_rows(40))


def itself() -> bytes:
    """A zip that holds (an earlier state of) itself."""
    content = b""
    for _ in range(2):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("download.zip", content or street())
        content = file.getvalue()
    return content


def dated(form: str) -> bytes:
    """Stops whose dates are written in another format."""
    rows = stop_rows(datetime(2023, 1, day, 12, 30).strftime(form) for day in range(1, 29))
    return table(STOPS, rows)


# name, content, check that refuses it, words that must be in the message
REFUSED = {
    "truncated gzip": (NAME + ".gz", gzipped(street())[:-30], "compressed_file_damaged", "send it again"),
    "gzip of rubbish": (NAME + ".gz", b"\x1f\x8b" + b"rubbish" * 40, "compressed_file_damaged", "damaged"),
    "empty file": (NAME, b"", "file_is_empty", "Export it again"),
    "only white space": (NAME, b" \n\n  \n", "file_is_empty", "empty"),
    "empty gzip": (NAME + ".gz", gzipped(b""), "file_is_empty", "empty"),
    "HTML named .csv": (NAME, HTML, "web_page", "Download the file again"),
    "HTML after a BOM": (NAME, b"\xef\xbb\xbf\n" + HTML, "web_page", "web page"),
    "PDF named .csv": (NAME, b"%PDF-1.7\n...", "format_not_accepted", "a PDF"),
    "old workbook": (
        "crimes.xls",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900,
        "format_not_accepted",
        ".xlsx",
    ),
    "long line": (NAME, table(STREET, street_rows(40)) + b"a" * 10_000_000, "line_too_long", "Row 42"),
    "long first line": (NAME, b"a," * 5_000_000, "line_too_long", "longer than"),
    "quotation never closed": (
        NAME,
        street() + b'"' + b"x,y\n" * 600_000,
        "quotation_never_closed",
        "row 42",
    ),
    "renamed key": (NAME, renamed("Crime type", "Kind"), "key_column_missing", "'Kind'"),
    "renamed required": (NAME, renamed("Reported by", "Force"), "column_is_delivered", "'Reported by'"),
    "dates with slashes": (
        "2023-01-metropolitan-stop-and-search.csv",
        dated("%d/%m/%Y %H:%M"),
        "quarantined_rows_within_limit",
        "up to 20.0%",
    ),
    "NUL bytes": (NAME, street().replace(b"51.51", b"51\x0051", 1), "not_text", "NUL"),
    "UTF-16 cut": (NAME, street().decode().encode("utf-16")[:-1], "wrong_encoding", "UTF-8"),
    "zip of itself": ("download.zip", itself(), "archive_in_archive", "Unpack the inner one"),
    "broken zip": ("download.zip", itself()[:-60], "compressed_file_damaged", "cut short"),
    "JSON": ("crimes.json", b'{"type": "Feature"}', "format_not_accepted", "GeoJSON"),
    "two headings alike": (
        NAME,
        table([*STREET, "crime_type"], [[*row, row[9]] for row in street_rows(40)]),
        "heading_twice",
        "Remove or rename",
    ),
    "no known source": ("budget.csv", b"Cost centre,Amount\nA,1\n", "source_not_recognised", "data steward"),
    "no headings": (NAME, b"".join(street().splitlines(True)[1:]), "source_not_recognised", "headings"),
}
LOADED: dict[str, object] = {}
# Sound files, whose only oddity is their name.
NAMES = (
    'it\'s "quoted"; drop table raw.police_uk_street; --.csv',
    "50%25 $(touch x) `y` & <z>.csv",
    "línea ünïcode 日本 \N{PILE OF POO}.csv",
    "a\nb\tc.csv",
    "-starts-with-a-dash.csv",
    ".. .csv",
)


def judged(shop: Workshop, capsys, path, *options: str) -> dict:
    """The verdict of `check` and of `land` on a file, which must agree; prints no stack trace."""
    told = []
    for verb in ("check", "land"):
        status = main([verb, "--json", *options, str(path)])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert err == ""
        (line,) = json_lines(out)
        assert status == (1 if line["verdict"] == "rejected" else 0)
        told.append(line)
    same = ("file", "verdict", "source", "rows_delivered", "findings")
    assert {key: told[0][key] for key in same} == {key: told[1][key] for key in same}
    return told[1]


@pytest.fixture
def loaded_before(stocked):
    """What lies in the shared home: one sound delivery, whatever was refused there before."""
    if not LOADED:
        stocked.land_one("2022-12-metropolitan-street.csv", street(40, "2022-12"))
        LOADED.update(stocked.loaded())
    return LOADED


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_plainly_and_changes_nothing(stocked, loaded_before, case, capsys):
    shop = stocked
    name, content, check, words = REFUSED[case]
    told = judged(shop, capsys, shop.put(name, content))
    assert told["verdict"] == "rejected"
    assert told["rows_delivered"] == 0
    hits = [finding for finding in told["findings"] if finding["check"] == check]
    assert len(hits) == 1, told["findings"]
    assert words in hits[0]["message"]
    assert hits[0]["severity"] == "reject"
    assert shop.loaded() == loaded_before
    report = (shop.home.reports / told["report"]).read_text(encoding="utf-8")
    assert hits[0]["message"] in report


def test_the_screen_is_plain_too(stocked, capsys):
    small = [(name, content) for name, content, *_ in REFUSED.values() if len(content) < 100_000]
    paths = [str(stocked.put(f"{number} {name}", content)) for number, (name, content) in enumerate(small)]
    assert main(["check", *paths]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert "Traceback" not in out
    assert f"{len(small)} files: {len(small)} rejected" in out
    assert out.count("rejected - nothing of this file was loaded") == len(small)
    assert out.count("  - must be mended:") >= len(small)
    assert max(map(len, out.splitlines())) < 1000


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_name_is_only_a_name(shop, name, capsys):
    told = judged(shop, capsys, shop.put(name, street()))
    assert told["verdict"] == "accepted"
    assert shop.one("select count(*) from vault.raw.police_uk_street") == 40
    assert shop.one("select file_name from vault.ledger.deliveries") == name
    assert (shop.home.reports / told["report"]).parent == shop.home.reports
    assert re.fullmatch(r"D0001-[A-Za-z0-9._-]+\.txt", told["report"])
    assert main(["status"]) == 0
    _, delivery, persons = capsys.readouterr().out.splitlines()
    assert delivery.startswith("D0001 ")
    assert persons.startswith("Persons: ")


@pytest.mark.parametrize("name", NAMES[:3])
def test_an_odd_name_inside_a_zip_is_only_a_name(shop, name, capsys, tmp_path):
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"../../{name}", street())
    told = judged(shop, capsys, path)
    assert told["verdict"] == "accepted"
    assert {found.name for found in tmp_path.iterdir()} == {"d.zip", "home"}, "nothing was written elsewhere"


def test_the_wrong_source_is_refused_and_the_right_one_named(shop, capsys):
    path = shop.put(NAME, street())
    told = judged(shop, capsys, path, "--source", "police_uk_stop_search")
    assert told["verdict"] == "rejected"
    assert told["findings"][0]["check"] == "wrong_source"
    assert "police_uk_street" in told["findings"][0]["message"]
    assert judged(shop, capsys, path)["verdict"] == "accepted", "it may be given again, rightly"


def test_dates_in_another_stated_format_are_read(shop, capsys):
    shop.land_one("a.csv", dated("%Y-%m-%d %H:%M:%S"))
    assert shop.execute("select min(first_day), max(last_day) from vault.ledger.month_profile") == [
        (datetime(2023, 1, 1).date(), datetime(2023, 1, 28).date())
    ]


def workbook(*sheets: tuple[str, bytes]) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, content in sheets:
        sheet = book.create_sheet(title)
        for line in content.decode().splitlines():
            sheet.append(line.split(","))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


CELLS = [["1", "30/09/2022 23:35", "Special Service", "Dwelling", "E1", "E2", "Camden", "1", "1", "1", ""]]
RESCUES_SHEET = table(RESCUES, CELLS)


def test_a_workbook_with_a_second_sheet_of_notes_is_read(shop, capsys):
    notes = ("Notes", b"About this file\nSource: the fire brigade\n")
    told = judged(shop, capsys, shop.put("animal rescue.xlsx", workbook(notes, ("Data", RESCUES_SHEET))))
    assert told["source"] == "lfb_animal_rescue"
    assert told["rows_accepted"] == 1


def test_a_workbook_with_two_sheets_that_fit_is_refused(shop, capsys):
    content = workbook(("2021", RESCUES_SHEET), ("2022", RESCUES_SHEET))
    told = judged(shop, capsys, shop.put("animal rescue.xlsx", content))
    assert told["verdict"] == "rejected"
    assert [finding["check"] for finding in told["findings"]] == ["two_sheets_fit"]


class TestLinks:
    def test_a_link_out_of_the_inbox_is_refused_and_not_followed(self, shop, capsys, tmp_path):
        outside = tmp_path / "outside.csv"
        outside.write_bytes(street())
        (shop.home.inbox / "link.csv").symlink_to(outside)
        for verb in ("check", "land"):
            assert main([verb, "--json"]) == 1
            (told,) = json_lines(capsys.readouterr().out)
            assert told["verdict"] == "rejected"
            assert told["findings"][0]["check"] == "symbolic_link"
            assert "Copy the file itself" in told["findings"][0]["message"]
        assert shop.one("select count(*) from vault.raw.police_uk_street") == 0
        assert shop.one("select content_sha256 from vault.ledger.deliveries") not in (None, "")

    def test_a_link_to_a_folder_is_not_walked(self, shop, capsys, tmp_path):
        folder = tmp_path / "elsewhere"
        folder.mkdir()
        (folder / NAME).write_bytes(street())
        (shop.home.inbox / "folder").symlink_to(folder, target_is_directory=True)
        assert main(["land", "--json"]) == 1
        (told,) = json_lines(capsys.readouterr().out)
        assert told["findings"][0]["check"] == "symbolic_link"

    def test_a_broken_link_and_a_link_to_itself(self, shop, capsys):
        (shop.home.inbox / "broken.csv").symlink_to("nowhere")
        (shop.home.inbox / "circle.csv").symlink_to("circle.csv")
        assert main(["land", "--json"]) == 1
        told = json_lines(capsys.readouterr().out)
        assert [line["verdict"] for line in told] == ["rejected", "rejected"]

    def test_a_link_inside_a_zip_is_refused(self, shop, capsys, tmp_path):
        path = tmp_path / "d.zip"
        entry = zipfile.ZipInfo("passwords.csv")
        entry.external_attr = 0o120777 << 16
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(entry, "/etc/passwd")
        assert judged(shop, capsys, path)["findings"][0]["check"] == "symbolic_link"


def test_a_device_or_a_pipe_is_refused_and_not_waited_for(shop, capsys, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", "/dev/zero"):
        assert judged(shop, capsys, path)["findings"][0]["check"] == "not_a_file"


def test_hidden_files_and_the_manifest_of_the_inbox_are_left_out(shop, capsys):
    (shop.home.inbox / ".DS_Store").write_bytes(b"x")
    (shop.home.inbox / ".git").mkdir()
    (shop.home.inbox / ".git" / "a.csv").write_bytes(street())
    assert main(["land"]) == 0
    assert "0 files" in capsys.readouterr().out


def test_a_damaged_sample_manifest_does_not_let_a_sample_land_as_real(shop, capsys):
    path = shop.put(NAME, street())
    for content in (b"{", b"[]", b'{"files": [{}]}', b"\xff\xfe"):
        shop.put("sample_manifest.json", content)
        assert main(["land", str(path)]) == 1
        assert "manifest.json is damaged" in capsys.readouterr().err
    assert shop.one("select count(*) from vault.ledger.deliveries") == 0


def test_months_as_columns_that_are_no_months_are_drift(shop, capsys):
    content = borough_counts(["202210", "202213", "Total"])
    told = judged(shop, capsys, shop.put("borough.csv", content))
    assert told["verdict"] == "accepted_with_warnings"
    (finding,) = [finding for finding in told["findings"] if finding["check"] == "unexpected_column"]
    assert "'202213'" in finding["message"]
    assert "'Total'" in finding["message"]


def test_a_count_file_without_a_month_is_refused(shop, capsys):
    rows = [["Theft", "Shoplifting", "Westminster", 4]]
    told = judged(shop, capsys, shop.put("borough.csv", table([*BOROUGH_COUNTS, "Total"], rows)))
    assert told["verdict"] == "rejected"


def test_a_month_twice_is_refused(shop, capsys):
    told = judged(shop, capsys, shop.put("borough.csv", borough_counts(["202210", "202210"])))
    assert told["findings"][0]["check"] == "heading_twice"


def test_a_long_message_never_holds_a_long_value(shop, capsys):
    told = judged(shop, capsys, shop.put("a.csv", b"x" * 20_000 + b",y\n1,2\n"))
    assert len(str(told)) < 2000


def test_stops_of_a_day_are_landed(shop, capsys):
    told = judged(shop, capsys, shop.put("stops.csv", table(STOPS, stop_rows(days("2023-01", 31)))))
    assert told["rows_accepted"] == 31
