"""Rows of text into a temporary DuckDB table, in the columns of the contract."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from swp.errors import Rejection
from swp.reading import columnar, delimited, features, workbook
from swp.reading.batches import Batch, Malformed
from swp.reading.delivered import Member
from swp.reading.headings import Match

_BATCH = "_swp_reading_batch"
# Malformed rows that `Loaded` itself remembers; the table beside it has all of them.
REMEMBERED = 1_000


@dataclass(frozen=True)
class Loaded:
    """What came into the table, and what could not."""

    rows: int  # in the table
    malformed_rows: int  # in the table `<name>_malformed`
    malformed: tuple[tuple[int, str], ...]  # (row number, reason) of the first thousand

    @property
    def delivered(self) -> int:
        """Every row of the file; blank ones are not rows."""
        return self.rows + self.malformed_rows


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def load(connection: duckdb.DuckDBPyConnection, member: Member, match: Match, table: str) -> Loaded:
    """Makes the temporary table `table` from the rows of `member`, and `<table>_malformed` beside it.

    `table`: `row_number` (the row in a spreadsheet: blank lines count, a quoted line end does not start
    a row; for features and Parquet records their number + 1), a VARCHAR for each contract column (null
    where the file lacks it; a blank cell is '' in delimited text and null elsewhere), a
    MAP(VARCHAR, VARCHAR) of months as columns if the contract has them, and `_extra`, the same of
    unexpected columns. Rows without any value are left out. `<table>_malformed`: `row_number`, `reason`,
    `row_text`. Neither is left behind where a Rejection is raised.
    """
    aside = f"{table}_malformed"
    connection.execute(f"create or replace temp table {identifier(table)} ({_columns(match)})")
    connection.execute(
        f"create or replace temp table {identifier(aside)} "
        "(row_number bigint, reason varchar, row_text varchar)"
    )
    rows = malformed = 0
    remembered: list[tuple[int, str]] = []
    try:
        for batch in _readable(_batches(member, match)):
            _insert(connection, table, _selected(match), batch.rows)
            _insert(connection, aside, "row_number, reason, row_text", _as_table(batch.malformed))
            rows += batch.rows.num_rows
            malformed += len(batch.malformed)
            remembered += [(m.row_number, m.reason) for m in batch.malformed][: REMEMBERED - len(remembered)]
        if not rows + malformed:
            raise Rejection("no_rows", "The file has headings but no rows. Send the file with its rows.")
    except BaseException:
        connection.execute(f"drop table if exists {identifier(table)}")
        connection.execute(f"drop table if exists {identifier(aside)}")
        raise
    return Loaded(rows, malformed, tuple(remembered))


def _batches(member: Member, match: Match) -> Iterator[Batch]:
    if member.format in ("csv", "csv.gz"):
        return delimited.read_batches(member, match)
    if member.format == "xlsx":
        return workbook.read_batches(member, match)
    if member.format == "geojson":
        return features.read_batches(member, match)
    return columnar.read_batches(member, match)


def _readable(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The batches; a file that changed or vanished since it was looked at is a Rejection too."""
    try:
        yield from batches
    except (OSError, UnicodeError):
        raise Rejection(
            "not_readable",
            "The file could not be read to its end, or changed while it was read. Send it again.",
        ) from None


def _columns(match: Match) -> str:
    names = ["row_number bigint", *(f"{identifier(c.name)} varchar" for c in match.contract.columns)]
    if match.contract.pattern:
        names.append(f"{identifier(match.contract.pattern.column)} map(varchar, varchar)")
    return ", ".join([*names, "_extra map(varchar, varchar)"])


def _selected(match: Match) -> str:
    chosen = ["row_number"]
    for column in match.contract.columns:
        position = match.columns.get(column.name)
        chosen.append("null" if position is None else f"cast(c{position} as varchar)")
    if match.contract.pattern:
        chosen.append(_map(match.pattern))
    return ", ".join([*chosen, _map(match.unexpected)])


def _map(columns: Iterable[tuple[str, int]]) -> str:
    columns = list(columns)
    keys = ", ".join(text(heading) for heading, _ in columns)
    values = ", ".join(f"cast(c{position} as varchar)" for _, position in columns)
    return f"map(cast([{keys}] as varchar[]), cast([{values}] as varchar[]))"


def _as_table(malformed: Iterable[Malformed]) -> pa.Table:
    rows = [(each.row_number, each.reason, each.row_text) for each in malformed]
    numbers, reasons, texts = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        [pa.array(numbers, pa.int64()), pa.array(reasons, pa.string()), pa.array(texts, pa.string())],
        names=["row_number", "reason", "row_text"],
    )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, selected: str, rows: pa.Table) -> None:
    if not rows.num_rows:
        return
    try:
        with _registered(connection, rows):
            connection.execute(f"insert into {identifier(table)} select {selected} from {_BATCH}")
    except (duckdb.DataError, duckdb.NotSupportedError):
        raise Rejection(
            "values_not_readable",
            "The file holds values of a type or size that has no reading as text, such as 16-bit numbers or "
            "a time millions of years away. Write dates and numbers as text, or send CSV.",
        ) from None


@contextmanager
def _registered(connection: duckdb.DuckDBPyConnection, rows: pa.Table) -> Iterator[None]:
    connection.register(_BATCH, rows)
    try:
        yield
    finally:
        connection.unregister(_BATCH)
