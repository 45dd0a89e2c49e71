"""Delimited text as records, streamed through Python's csv module.

The csv module and not a faster parser, because only it lets every rule be kept exactly: the record number
of each row with blank lines counted, the raw text of a row that is set aside, a quotation that is never
closed, lines without end. A million rows of 12 columns take a few seconds.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator, Set
from dataclasses import dataclass

import pyarrow as pa

from swp.errors import Rejection
from swp.reading.batches import Batch, Malformed
from swp.reading.delivered import Member
from swp.reading.headings import Match, trimmed
from swp.reading.limits import BATCH_CHARACTERS, BATCH_ROWS, LINE_CHARACTERS, RECORD_CHARACTERS

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class _LineTooLong(Exception):
    pass


class _RecordTooLong(Exception):
    pass


class _Lines:
    """Lines of a text, none longer than it may be; remembers those of the record in progress."""

    def __init__(self, stream: io.TextIOBase):
        self._readline = stream.readline
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.characters = 0  # of all lines so far
        self._before = 0
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._waiting:
            line = self._waiting.popleft()
        else:
            line = self._readline(LINE_CHARACTERS + 2)
            if not line:
                self.ended = True
                raise StopIteration
            if len(line) > LINE_CHARACTERS and len(line.rstrip("\r\n")) > LINE_CHARACTERS:
                raise _LineTooLong
        self.taken.append(line)
        self.characters += len(line)
        if self.characters - self._before > RECORD_CHARACTERS:
            raise _RecordTooLong
        return line

    def begin(self) -> None:
        """A new record starts with the next line."""
        self.taken = []
        self._before = self.characters

    def give_back(self, lines: list[str]) -> None:
        """These lines are to be read again, as records of their own."""
        self._waiting.extendleft(reversed(lines))


@dataclass(slots=True)
class Record:
    """One record: its number in the file (the row of a spreadsheet) and its fields, or why it has none."""

    number: int
    fields: list[str] | None
    lines: list[str]
    fault: str | None = None


class Records:
    """The records of a text in order.

    A record of several lines whose quotation marks do not work out is taken as a faulty record of one
    line, and its other lines are read again: a stray mark must not swallow the rows after it.
    """

    def __init__(self, stream: io.TextIOBase, delimiter: str):
        # The limit of the csv module belongs to the process; ours stops a record before it.
        csv.field_size_limit(max(csv.field_size_limit(), 2 * RECORD_CHARACTERS))
        self.lines = _Lines(stream)
        self._reader = csv.reader(self.lines, delimiter=delimiter, strict=True)
        self._number = 0

    def __iter__(self) -> Iterator[Record]:
        reader, lines = self._reader, self.lines
        while True:
            lines.begin()
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self._number += 1
                if lines.ended:
                    raise never_closed(self._number) from None
                yield self.faulty(self._number, "a quotation mark inside a quoted value is not doubled")
                continue
            except _RecordTooLong:
                raise never_closed(self._number + 1) from None
            except _LineTooLong:
                raise line_too_long(self._number + 1) from None
            self._number += 1
            yield Record(self._number, fields, lines.taken)

    def faulty(self, number: int, fault: str) -> Record:
        """The record in progress as a faulty one of its first line; the others are read again."""
        taken = self.lines.taken
        self.lines.give_back(taken[1:])
        return Record(number, None, taken[:1], fault)


def never_closed(row: int) -> Rejection:
    return Rejection(
        "quotation_never_closed",
        f"A quotation mark that opens in row {row:,} is never closed, so the rest of the file cannot be told "
        "apart. Correct the quotation marks in that row, or export the file again, and send it.",
    )


def line_too_long(row: int) -> Rejection:
    return Rejection(
        "line_too_long",
        f"Row {row:,} is longer than {LINE_CHARACTERS:,} characters, as no row of a table is. Export the "
        "table again, as CSV with a line for each row.",
    )


def open_text(member: Member, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(member.open(), encoding=encoding, newline="")


def read_headings(member: Member, encoding: str, delimiter: str) -> tuple[list[str], int] | None:
    """The first record that is not blank and its row, or None where it is not quoted in this way.

    Raises Rejection: line_too_long, quotation_never_closed, file_is_empty.
    """
    with open_text(member, encoding) as stream:
        for record in Records(stream, delimiter):
            if record.fields is None:
                return None
            if any(map(str.strip, record.fields)):
                return trimmed(record.fields), record.number
    raise Rejection("file_is_empty", "The file is empty. Export it again and send the new file.")


def read_batches(member: Member, match: Match) -> Iterator[Batch]:
    """The rows under the headings, in batches; rows that do not fit them are set aside with a reason."""
    width, header_row = match.width, match.dialect.header_row
    with open_text(member, match.dialect.encoding) as stream:
        records = Records(stream, match.dialect.delimiter)
        numbers: list[int] = []
        rows: list[list[str]] = []
        malformed: list[Malformed] = []
        batch_ends = BATCH_CHARACTERS
        for record, fields in _judged(records, match):
            if record.number <= header_row:
                continue
            if fields is None:
                malformed.append(Malformed(record.number, record.fault, "".join(record.lines).rstrip("\r\n")))
            elif any(fields):
                numbers.append(record.number)
                rows.append(fields)
            if records.lines.characters > batch_ends or len(rows) >= BATCH_ROWS:
                yield _batch(numbers, rows, malformed, width)
                numbers, rows, malformed = [], [], []
                batch_ends = records.lines.characters + BATCH_CHARACTERS
        yield _batch(numbers, rows, malformed, width)


def text_without(member: Member, match: Match, gone: Set[int]) -> Iterator[str]:
    """The text of the file, each row of `gone` an empty line: the others keep their numbers."""
    with open_text(member, match.dialect.encoding) as stream:
        for record, _ in _judged(Records(stream, match.dialect.delimiter), match):
            text = "".join(record.lines)
            yield text[len(text.rstrip("\r\n")) :] if record.number in gone else text


def _judged(records: Records, match: Match) -> Iterator[tuple[Record, list[str] | None]]:
    """Every record with its fields, as wide as the headings; None where it does not fit, and says why."""
    width, least = match.width, _least_fields(match)
    for record in records:
        fields = record.fields
        if record.number > match.dialect.header_row:
            if fields is not None and len(fields) != width:
                fields = _to_width(fields, width, least, records, record)
            elif len(record.lines) > 2 and _holds_rows(record.lines, width, match.dialect.delimiter):
                record.fault = "a quoted cell holds what look like whole rows: a quotation mark is astray"
                fields = None
        yield record, fields


def _least_fields(match: Match) -> int:
    """How many fields a row needs: those after them may have been left off because they are empty.

    Columns that must be filled, and months, are not left off: a row without them was cut short.
    """
    needed = [match.columns[c.name] for c in match.contract.required_columns if c.name in match.columns]
    return max([*needed, *(position for _, position in match.pattern)], default=0) + 1


def _to_width(
    fields: list[str], width: int, least: int, records: Records, record: Record
) -> list[str] | None:
    """The fields made `width` long where only empty ones are missing or over; else None and a fault."""
    if not any(map(str.strip, fields)):
        return [""] * width
    if len(fields) > width:
        if not any(map(str.strip, fields[width:])):
            return fields[:width]
        fault = f"too many fields: {len(fields)} under {width} headings"
    else:
        cut_short = not record.lines[-1].endswith(("\n", "\r"))
        if len(fields) >= least and not cut_short:
            return fields + [""] * (width - len(fields))
        fault = f"too few fields: {len(fields)} under {width} headings"
        if cut_short:
            fault += ", and the file ends there"
    record.fault = fault
    if len(record.lines) > 1:
        record.lines = records.faulty(record.number, fault).lines
    return None


def _holds_rows(lines: list[str], width: int, delimiter: str) -> bool:
    """Do the inner lines of a record look like rows of the table that a stray mark has swallowed?

    All of them have the fields of a row; in a narrow table, where a line of prose may have as many
    commas, it takes three of them.
    """
    inner = [line for line in lines[1:-1] if line.strip()]
    if len(inner) < (1 if width >= 6 else 3):
        return False
    try:
        return all(len(fields) == width for fields in csv.reader(inner, delimiter=delimiter, strict=True))
    except csv.Error:
        return False


def _batch(numbers: list[int], rows: list[list[str]], malformed: list[Malformed], width: int) -> Batch:
    columns = zip(*rows, strict=True) if rows else [()] * width
    arrays = [pa.array(column, pa.string()) for column in columns]
    return Batch.of(pa.array(numbers, pa.int64()), arrays, malformed)
