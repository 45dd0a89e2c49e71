"""Whatever the csv module writes comes back, cell by cell; whatever the bytes, no error escapes."""

import csv
import io
import tempfile
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from swp.errors import Rejection
from swp.reading import load, recognise
from test_reading_common import CASES, CONTRACTS, HEADER, only

HEADINGS = [column.label for column in CASES.columns]
ordinary = st.characters(codec="utf-8", exclude_characters="\x00")
cells = st.text(st.one_of(st.sampled_from(",\";|\t\n\r '£é案"), ordinary), max_size=8)
tables = st.lists(st.lists(cells, min_size=5, max_size=5), max_size=8)


def read_bytes(folder: Path, content: bytes) -> tuple[list, list]:
    path = folder / "x.csv"
    path.write_bytes(content)
    member = only(path)
    match = recognise(member, CONTRACTS)
    with duckdb.connect() as connection:
        load(connection, member, match, "delivered")
        columns = ", ".join(column.name for column in CASES.columns)
        rows = connection.execute(f"select row_number, {columns} from delivered order by 1").fetchall()
        return rows, connection.execute("from delivered_malformed").fetchall()


def outcome(content: bytes):
    """The rows and malformed rows that `content` comes to, or the check that rejects it."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return read_bytes(Path(folder), content)
        except Rejection as rejection:
            return rejection.check


@settings(max_examples=200, deadline=None)
@given(tables, st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_is_written_is_what_is_read(rows, delimiter, end, quote_all):
    out = io.StringIO(newline="")
    # Where lines end in a newline alone, the module does not quote a carriage return, which ends a line too.
    quoting = csv.QUOTE_ALL if quote_all or end == "\n" else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([HEADINGS, *rows])
    expected = [(number, *row) for number, row in enumerate(rows, start=2) if any(row)]
    assert outcome(out.getvalue().encode()) == ((expected, []) if expected else "no_rows")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_are_read_or_rejected(content, with_headings):
    assert outcome(HEADER.encode() + content if with_headings else content)
