"""Excel workbooks: the same rows give the same bytes, and a large sheet may come in pieces."""

import io
import re
import shutil
import zipfile
from collections.abc import Iterable
from datetime import date

import pyarrow as pa
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

Rows = Iterable[list]
CLOCK = rb"(<dcterms:[a-z]+ [^>]*>)[^<]*"


class Book:
    """A workbook whose sheets are written row by row; a finished row takes no memory."""

    def __init__(self):
        self._book = Workbook(write_only=True)
        self._sheets = {}

    def append(self, sheet: str, rows: Rows, *, merged: int = 0) -> None:
        """Add `rows` to the end of a sheet; the first `merged` rows of a new one are merged over the table.

        The last of the rows that come with `merged` tells how wide the table is.
        """
        if sheet not in self._sheets:
            self._sheets[sheet] = self._book.create_sheet(sheet)
        at, row = self._sheets[sheet], []
        for row in rows:
            at.append(row)
        for line in range(1, merged + 1):
            at.merged_cells.add(f"A{line}:{get_column_letter(len(row))}{line}")

    def content(self) -> bytes:
        """The file, without the clock that the format would put into it."""
        written, timeless = io.BytesIO(), io.BytesIO()
        self._book.save(written)
        with zipfile.ZipFile(written) as old, zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                same = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
                same.compress_type, same.file_size = zipfile.ZIP_DEFLATED, entry.file_size
                if entry.filename == "docProps/core.xml":
                    data = re.sub(CLOCK, rb"\g<1>2024-01-15T00:00:00Z", old.read(entry))
                    new.writestr(same, data, zipfile.ZIP_DEFLATED)
                    continue
                with old.open(entry) as source, new.open(same, "w") as target:
                    shutil.copyfileobj(source, target)
        return timeless.getvalue()


def workbook(sheets: dict[str, Rows], *, merged: int = 0) -> bytes:
    """An xlsx file of `sheets` (name to rows); the first `merged` rows of the first are merged titles."""
    book = Book()
    for place, (name, rows) in enumerate(sheets.items()):
        book.append(name, rows, merged=0 if place else merged)
    return book.content()


def titled(table: pa.Table, titles: tuple[str, ...] = (), dates: tuple[str, ...] = ()) -> list[list]:
    """The rows of a sheet: titles, an empty line, the headings and `table`; `dates` (ISO) are Excel's own."""
    columns = [
        [day_or_text(value) for value in table[name].to_pylist()]
        if name in dates
        else table[name].to_pylist()
        for name in table.column_names
    ]
    above = [*([title] for title in titles), []] if titles else []
    return [*above, table.column_names, *(list(row) for row in zip(*columns, strict=True))]


def day_or_text(value: str | None) -> date | str | None:
    """An ISO date as a date; what is none stays text."""
    try:
        return date.fromisoformat(value) if value else value
    except ValueError:
        return value


def notes(subject: str) -> list[list]:
    """The sheet of remarks that workbooks carry beside the table."""
    return [["Notes"], [f"Extract of {subject} cases"], ["Synthetic: nothing here is a real record"]]
