"""Contracts and helpers that the tests of reading share; and that these themselves hold together."""

import csv
import io
from pathlib import Path

import duckdb

from swp.contracts import Column, Contract, PatternColumns
from swp.errors import Rejection
from swp.reading import Loaded, Match, Member, Refused, load, members, recognise


def make_contract(name, *columns, formats=("csv", "csv.gz", "xlsx", "parquet"), encodings=("utf-8",), **more):
    return Contract(
        name=name,
        agency="partner",
        description="",
        columns=columns,
        supplier=f"the {name} team",
        source_id="S01",
        origin="partner",
        layout="assumed",
        formats=formats,
        encodings=encodings,
        **more,
    )


CASES = make_contract(
    "cases",
    Column("case_ref", "Case ID", need="key", aliases=("Reference",)),
    Column("opened_date", "Date opened", need="required", type="date", formats=("%d/%m/%Y",)),
    Column("ward_name", "Ward", need="requested", aliases=("Ward name",)),
    Column("cost_gbp", "Cost (£)", type="number"),
    Column("note", "Note"),
    encodings=("utf-8", "cp1252", "gb18030"),
    file_names=("*cases*.csv",),
)
COUNTS = make_contract(
    "counts",
    Column("area_name", "Area", need="key"),
    Column("class_name", "Class", need="key"),
    pattern=PatternColumns(r"(19|20)\d{4}", "counts", "month", "offences"),
    file_names=("counts*.csv",),
)
WARD_COUNTS = make_contract(
    "ward_counts",
    Column("area_name", "Area", need="key"),
    Column("class_name", "Class", need="key"),
    Column("ward_code", "Ward code", need="key"),
    pattern=PatternColumns(r"(19|20)\d{4}", "counts", "month", "offences"),
)
OUTLINES = make_contract(
    "outlines",
    Column("ward_code", "WD24CD", need="key"),
    Column("geometry", "geometry", need="key", type="json"),
    Column("ward_name", "WD24NM"),
    formats=("geojson",),
    features=True,
)
CONTRACTS = (CASES, COUNTS, WARD_COUNTS, OUTLINES)

HEADER = "Case ID,Date opened,Ward,Cost (£),Note\n"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def only(path: Path, **more) -> Member:
    """The single member of a path that is no archive; raises the rejection if it is refused."""
    (found,) = members(path, path.parent / "scratch", **more)
    if isinstance(found, Refused):
        raise found.rejection
    return found


def match_of(path: Path, contracts=CONTRACTS, source=None) -> Match:
    return recognise(only(path), contracts, source)


def read(path: Path, contracts=CONTRACTS, source=None) -> tuple[duckdb.DuckDBPyConnection, Match, Loaded]:
    """The file loaded into the temporary table 'delivered' of a connection of its own."""
    member = only(path)
    match = recognise(member, contracts, source)
    connection = duckdb.connect()
    return connection, match, load(connection, member, match, "delivered")


def rows_of(path: Path, columns="row_number, case_ref, note", contracts=CONTRACTS) -> list[tuple]:
    connection, _, _ = read(path, contracts)
    return connection.execute(f"select {columns} from delivered order by row_number").fetchall()


def malformed_of(path: Path) -> list[tuple]:
    connection, _, _ = read(path)
    return connection.execute("from delivered_malformed order by row_number").fetchall()


def rejected(path: Path, contracts=CONTRACTS, source=None) -> Rejection:
    """The rejection that reading the file ends in."""
    try:
        read(path, contracts, source)
    except Rejection as rejection:
        return rejection
    raise AssertionError(f"{path.name} was taken")


def as_csv(rows, **options) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, **options).writerows(rows)
    return out.getvalue()


def test_the_contract_of_the_tests_is_read_back(tmp_path):
    path = write(tmp_path / "cases.csv", HEADER + "A1,01/10/2022,Abbey Road,12,first\n")
    assert rows_of(path) == [(2, "A1", "first")]
