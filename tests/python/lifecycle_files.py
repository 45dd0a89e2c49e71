"""Files of the registered landlords, in every format that the contract takes, and a person to look for."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from conftest import gzipped, table
from swp.contracts import load_contracts

REFERENCE, SURNAME = "PEA-000777", "Quillfeather"
CONTRACT = load_contracts()["rsl_asb_case"]
HEADINGS = [column.label for column in CONTRACT.columns]


def place_of(column: str) -> int:
    """Where the column of the contract stands in a row."""
    return [each.name for each in CONTRACT.columns].index(column)


def cases(count: int = 12, month: str = "2023-01", sought: Iterable[int] = (3, 7)) -> list[list[str]]:
    """Cases of Peabody; those at the places `sought` are complaints of the person looked for."""
    rows = []
    for place in range(count):
        known = place in set(sought)
        cells = {
            "landlord": "Peabody",
            "case_number": f"C{month}-{place:04d}",
            "reported_date": f"{month}-{place % 28 + 1:02d}",
            "asb_type": "Noise",
            "risk_level": "Low",
            "ward_name": "Church Street",
            "complainant_ref": REFERENCE if known else f"PEA-{place:06d}",
            "complainant_family_name": SURNAME if known else f"Person {place}",
            "perpetrator_ref": f"PER-{place:06d}",
        }
        rows.append([cells.get(column.name, "") for column in CONTRACT.columns])
    return rows


def workbook(rows: list[list[str]]) -> bytes:
    """The rows on the sheet of the contract, under a title, with a second sheet that names the person too."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": datetime(2023, 4, 1)})
        sheet, notes = book.add_worksheet("ASB cases"), book.add_worksheet("Notes")
        sheet.write_string(0, 0, "Cases of the quarter")
        for number, row in enumerate([HEADINGS, *rows], start=2):
            sheet.write_row(number, 0, row)
        notes.write_string(0, 0, f"Ask {SURNAME} ({REFERENCE})")
    return file.getvalue()


def parquet(rows: list[list[str]]) -> bytes:
    file = io.BytesIO()
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    schema = pa.schema([pa.field(heading, pa.string(), nullable=False) for heading in HEADINGS])
    pq.write_table(pa.table(columns, schema=schema), file)
    return file.getvalue()


def zipped(rows: list[list[str]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("quarter/cases.csv", table(HEADINGS, rows))
    return file.getvalue()


# What is given, by the name of the file.
FORMATS = {
    "cases.csv": lambda rows: table(HEADINGS, rows),
    "cases_semicolon.csv": lambda rows: table(
        HEADINGS, rows, delimiter=";", encoding="utf-8-sig", eol="\r\n"
    ),
    "cases.csv.gz": lambda rows: gzipped(table(HEADINGS, rows)),
    "cases.xlsx": workbook,
    "cases.parquet": parquet,
    "cases.zip": zipped,
}


def everything(folder) -> bytes:
    """All bytes of all files below `folder`, unpacked where they are packed."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        elif path.suffix == ".gz":
            import gzip

            content = gzip.decompress(content)
        elif path.suffix == ".parquet":
            content = repr(pq.read_table(path).to_pylist()).encode() + content
        found.append(content)
    return b"\n".join(found)
