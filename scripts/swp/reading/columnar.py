"""Parquet: a table with types of its own, cast to text by the loader."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from swp.errors import Rejection
from swp.reading.batches import Batch
from swp.reading.content import too_large
from swp.reading.delivered import Member
from swp.reading.headings import Match
from swp.reading.limits import BATCH_ROWS

FIRST_ROW = 2  # as under a heading


def damaged() -> Rejection:
    return Rejection(
        "parquet_damaged",
        "The Parquet file is cut short, damaged or of an unknown kind. Write it again, or send CSV.",
    )


@contextmanager
def _opened(member: Member) -> Iterator[pq.ParquetFile]:
    try:
        with member.open() as stream, pq.ParquetFile(stream) as file:
            groups = (file.metadata.row_group(i) for i in range(file.metadata.num_row_groups))
            if sum(group.total_byte_size for group in groups) > member.limits.content:
                raise too_large(member.limits.content)
            yield file
    except (pa.ArrowException, OSError, UnicodeError):
        raise damaged() from None


def read_headings(member: Member) -> list[str]:
    with _opened(member) as file:
        return list(file.schema_arrow.names)


def read_batches(member: Member, match: Match) -> Iterator[Batch]:
    """The records in batches, without those that hold no value; record n is row n + 1, as under a heading."""
    row = FIRST_ROW
    with _opened(member) as file:
        for part in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
            part.validate(full=True)  # text that is not UTF-8 would stop the database instead
            numbers = pa.array(range(row, row + part.num_rows), pa.int64())
            row += part.num_rows
            filled = reduce(pc.or_, (pc.is_valid(column) for column in part.columns))
            yield Batch.of(numbers.filter(filled), part.filter(filled).columns)
