"""A delivered file written again without some of its rows, for the archive.

The rows that stay keep their numbers. Text stays as it came, byte for byte. Of a workbook only the table that
the gate read is kept, as text: what else it holds (other sheets, caches of pivot tables, comments) may name
the same person again.
"""

import gzip
import io
import tempfile
from collections.abc import Set
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from swp.errors import SwpError
from swp.reading import Match, Member, columnar, delimited, members, workbook


def rewrite(member: Member, match: Match, gone: Set[int], scratch: Path) -> Member:
    """The file of `member` without the rows numbered `gone`, in `scratch`; `member` itself stays as it is.

    Raises SwpError for a format without a writer.
    """
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix="redacted-", dir=scratch)
    path = Path(name)
    with open(handle, "wb"):
        pass
    if member.format in ("csv", "csv.gz"):
        _write_text(member, match, gone, path)
    elif member.format == "xlsx":
        _write_workbook(member, match, gone, path, scratch)
    elif member.format == "parquet":
        _write_parquet(member, gone, path)
    else:
        raise SwpError(
            f"A {member.format} file of {match.contract.name} cannot be redacted: no writer knows it."
        )
    (written,) = members(path, scratch)
    return written


def _write_text(member: Member, match: Match, gone: Set[int], path: Path) -> None:
    with path.open("wb") as file:
        # Neither a name nor a time, so that the same rows give the same bytes.
        packed = gzip.GzipFile("", "wb", fileobj=file, mtime=0) if member.is_compressed else file
        written = io.TextIOWrapper(packed, encoding=match.dialect.encoding, newline="")
        for text in delimited.text_without(member, match, gone):
            written.write(text)
        written.close()


def _write_workbook(member: Member, match: Match, gone: Set[int], path: Path, scratch: Path) -> None:
    options = {
        "constant_memory": True,  # cells in place: no table of strings that outlives them
        "tmpdir": str(scratch),
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        sheet = book.add_worksheet(match.dialect.sheet)
        for position, heading in enumerate(match.headings):
            sheet.write_string(match.dialect.header_row - 1, position, heading)
        for batch in workbook.read_batches(member, match):
            numbers, *columns = (column.to_pylist() for column in batch.rows.columns)
            for number, *cells in zip(numbers, *columns, strict=True):
                if number in gone:
                    continue
                for position, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write_string(number - 1, position, cell)


def _write_parquet(member: Member, gone: Set[int], path: Path) -> None:
    first = columnar.FIRST_ROW
    with member.open() as stream, pq.ParquetFile(stream) as file:
        schema = pa.schema([field.with_nullable(True) for field in file.schema_arrow])
        with pq.ParquetWriter(path, schema) as writer:
            for part in file.iter_batches(use_threads=False):
                # A place that is null takes a row of nulls.
                places = pa.array(
                    (None if first + place in gone else place for place in range(part.num_rows)), pa.int64()
                )
                writer.write_table(pa.Table.from_batches([part]).take(places).cast(schema))
                first += part.num_rows
