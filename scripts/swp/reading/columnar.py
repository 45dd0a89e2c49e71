"""Parquet: a table with types of its own, cast to text by the loader.

A value that is repeated takes no room in the file, and a small file can hold a billion. So values are counted
as the text they become, before they are unpacked: texts are read as codes of a dictionary.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from swp.errors import Rejection
from swp.reading.batches import Batch
from swp.reading.content import too_dense, too_large
from swp.reading.delivered import Member
from swp.reading.headings import Match
from swp.reading.limits import BATCH_ROWS

FIRST_ROW = 2  # as under a heading
FEW_ROWS = 10


def damaged() -> Rejection:
    return Rejection(
        "parquet_damaged",
        "The Parquet file is cut short, damaged or of an unknown kind. Write it again, or send CSV.",
    )


@contextmanager
def _opened(member: Member) -> Iterator[pq.ParquetFile]:
    try:
        with member.open() as stream:
            with pq.ParquetFile(stream) as file:
                texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
                groups = (file.metadata.row_group(i) for i in range(file.metadata.num_row_groups))
                _bound(member, sum(group.total_byte_size for group in groups))
                _bound(member, file.metadata.num_rows * file.metadata.num_columns)
            with pq.ParquetFile(stream, read_dictionary=texts) as file:
                yield file
    except (pa.ArrowException, OSError, UnicodeError):
        raise damaged() from None


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_binary(kind)


def _batch_rows(schema: pa.Schema) -> int:
    """Few rows at a time where a column, such as one of lists, can be measured only once it is unpacked."""
    types = pa.types
    known = (types.is_primitive, types.is_decimal, types.is_null, types.is_dictionary)
    return BATCH_ROWS if all(any(is_it(kind) for is_it in known) for kind in schema.types) else FEW_ROWS


def _bound(member: Member, size: int) -> None:
    """Raise Rejection where `size`, in bytes of text, is more than the file may come to."""
    limits = member.limits
    if size > limits.content:
        raise too_large(limits.content)
    if size > limits.ratio_from and size > limits.ratio * member.path.stat().st_size:
        raise too_dense()


def _size(column: pa.Array) -> int:
    """Bytes of the text that a column becomes."""
    if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type):
        return pc.sum(pc.binary_length(column.dictionary).cast(pa.int64()).take(column.indices)).as_py() or 0
    if pa.types.is_nested(column.type):
        inner = column.flatten()
        return sum(map(_size, inner if isinstance(inner, list) else [inner]))
    return column.nbytes


def read_headings(member: Member) -> list[str]:
    with _opened(member) as file:
        return list(file.schema_arrow.names)


def read_batches(member: Member, match: Match) -> Iterator[Batch]:
    """The records in batches, without those that hold no value; record n is row n + 1, as under a heading."""
    row, size = FIRST_ROW, 0
    with _opened(member) as file:
        for part in file.iter_batches(batch_size=_batch_rows(file.schema_arrow), use_threads=False):
            part.validate(full=True)  # text that is not UTF-8 would stop the database instead
            size += sum(map(_size, part.columns))
            _bound(member, size)
            numbers = pa.array(range(row, row + part.num_rows), pa.int64())
            row += part.num_rows
            filled = reduce(pc.or_, (pc.is_valid(column) for column in part.columns))
            yield Batch.of(numbers.filter(filled), part.filter(filled).columns)
