"""Excel workbooks: which sheet holds the table, and its rows as text.

DuckDB reads the cells (ten times faster than openpyxl) but gives dates and times as Excel stores them, as
numbers of days; they are written out again in the form that the contract states.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from xml.etree import ElementTree

import duckdb
import pyarrow as pa

from swp import extensions
from swp.contracts import Column, normalise_heading
from swp.errors import Rejection
from swp.reading.batches import Batch
from swp.reading.cell_styles import DATE, DATE_TIME, TIME, column_styles, local_name
from swp.reading.delivered import Member
from swp.reading.headings import OVERLAP, Dialect, Match, Matcher, decide, trimmed
from swp.reading.limits import BATCH_ROWS
from swp.reading.wording import quoted

HEADER_WITHIN = 30
LAST_ROW = 1_048_576
LAST_COLUMN = 702  # ZZ
_SHOWN = {DATE: "%Y-%m-%d", TIME: "%H:%M:%S", DATE_TIME: "%Y-%m-%d %H:%M:%S"}
# Days from 1899-12-30 that are taken for a date in a column of dates without a date style: 1927 to 2119.
_PLAUSIBLE_DAYS = (10_000, 80_000)


@dataclass(frozen=True)
class Sheet:
    """A visible sheet: its name, its part in the zip, its first rows."""

    name: str
    part: str
    top: list[list[str]]


def unreadable() -> Rejection:
    return Rejection(
        "workbook_unreadable",
        "The workbook cannot be read. Open it in Excel, save it as a new Excel workbook (.xlsx) or as CSV "
        "UTF-8, and send that.",
    )


def column_letters(position: int) -> str:
    """The letters of the column at `position`, from 0."""
    letters, position = "", position + 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """A database without tables that reads workbooks; made once, as loading the extension takes long."""
    connection = duckdb.connect(":memory:", config={"threads": 1, "temp_directory": ""})
    extensions.load(connection, "excel")
    return connection


def _connect() -> duckdb.DuckDBPyConnection:
    return _database().cursor()


def _from(member: Member, sheet: str, columns: int, rows: int) -> str:
    cells = f"A1:{column_letters(columns - 1)}{rows}"
    return (
        f"read_xlsx({_text(str(member.path))}, sheet = {_text(sheet)}, range = '{cells}', "
        "header = false, all_varchar = true, stop_at_empty = false)"
    )


def _sheets(member: Member) -> tuple[list[tuple[str, str]], bool]:
    """Names and parts of the visible sheets, and whether days count from 1904."""
    try:
        with zipfile.ZipFile(member.path) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (zipfile.BadZipFile, KeyError, OSError, ElementTree.ParseError):
        raise unreadable() from None
    parts = {each.get("Id"): each.get("Target", "") for each in relations if _is_sheet(each)}
    sheets, date_1904 = [], False
    for element in book.iter():
        if local_name(element) == "workbookPr":
            date_1904 = element.get("date1904") in ("1", "true")
        if local_name(element) == "sheet" and element.get("state", "visible") == "visible":
            identity = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
            target = parts.get(identity, "")
            if not target:  # a chart
                continue
            sheets.append(
                (element.get("name", ""), target.lstrip("/") if target[:1] == "/" else f"xl/{target}")
            )
    return sheets, date_1904


def _is_sheet(relation: ElementTree.Element) -> bool:
    return relation.get("Type", "").endswith("/worksheet")


def _read_sheets(member: Member) -> tuple[list[Sheet], bool]:
    named, date_1904 = _sheets(member)
    sheets = []
    with _connect() as connection:
        for name, part in named:
            try:
                rows = connection.execute(
                    f"from {_from(member, name, LAST_COLUMN, HEADER_WITHIN)}"
                ).fetchall()
            except duckdb.Error:
                raise unreadable() from None
            sheets.append(Sheet(name, part, [trimmed(row) for row in rows]))
    return sheets, date_1904


def match_sheets(
    member: Member, matchers: Sequence[Matcher], decider=decide, is_stated: bool = False
) -> Match:
    """The sheet and header row (of the first 30) that fit a contract.

    `decider` chooses among the matches of all sheets. Raises Rejection: no_sheet_fits, two_sheets_fit,
    and what the decider raises.
    """
    sheets, date_1904 = _read_sheets(member)
    matches = []
    for sheet in sheets:
        normal = [set(map(normalise_heading, row)) for row in sheet.top]
        for matcher in matchers:
            best = _best_row(matcher, sheet, normal, date_1904)
            if best:
                matches.append(best)
    if not any(any(sheet.top) for sheet in sheets):
        raise Rejection("file_is_empty", "The workbook is empty. Send one that holds the table.")
    try:
        chosen = decider(_preferred(matches), member.file_name, _first_row(sheets))
    except Rejection as rejection:
        if rejection.check == "source_not_recognised" and len(sheets) > 1:
            raise no_sheet_fits(sheets) from None
        raise
    if chosen.width >= LAST_COLUMN:
        raise Rejection(
            "too_many_columns", f"The table has more than {LAST_COLUMN:,} columns. Send it as CSV."
        )
    return _the_one_sheet(chosen, matches, is_stated)


def _first_row(sheets: Sequence[Sheet]) -> list[str]:
    return next((row for sheet in sheets for row in sheet.top if row), [])


def _best_row(matcher: Matcher, sheet: Sheet, normal: list[set[str]], date_1904: bool) -> Match | None:
    """The first row in which all key columns are found, else the one that fits best.

    `normal` holds what each row would be as headings.
    """
    best = None
    for number, row in enumerate(sheet.top, start=1):
        if not (row and matcher.may_fit(normal[number - 1])):
            continue
        match = matcher.match(row, Dialect(header_row=number, sheet=sheet.name, date_1904=date_1904))
        if match.fits:
            return match
        if match.score and (best is None or match.score > best.score):
            best = match
    return best


def _is_preferred(match: Match) -> bool:
    pattern = match.contract.sheet
    return bool(pattern and re.fullmatch(pattern, match.dialect.sheet.strip(), re.IGNORECASE))


def _preferred(matches: Sequence[Match]) -> list[Match]:
    """Of a contract that names its sheet, only the sheets so named, where there are any that fit."""
    named = {match.contract.name for match in matches if match.fits and _is_preferred(match)}
    return [match for match in matches if match.contract.name not in named or _is_preferred(match)]


def _the_one_sheet(chosen: Match, matches: Sequence[Match], is_stated: bool) -> Match:
    """The chosen match, unless another sheet could be meant as well."""
    if not chosen.fits:
        return chosen
    rivals = [m for m in matches if m.fits and m.dialect.sheet != chosen.dialect.sheet]
    if _is_preferred(chosen):
        rivals = [m for m in rivals if m.contract.name == chosen.contract.name and _is_preferred(m)]
    elif is_stated:
        rivals = [m for m in rivals if m.contract.name == chosen.contract.name]
    else:
        rivals = [m for m in rivals if m.contract.name == chosen.contract.name or m.score >= OVERLAP]
    if rivals:
        names = dict.fromkeys(match.dialect.sheet for match in (chosen, *rivals))
        raise Rejection(
            "two_sheets_fit",
            f"{len(names)} sheets of the workbook could be meant: {quoted(names)}. Send a workbook with only "
            f"the one that holds the table of {chosen.contract.name}.",
        )
    return chosen


def no_sheet_fits(sheets: Sequence[Sheet]) -> Rejection:
    return Rejection(
        "no_sheet_fits",
        "No sheet of the workbook has the headings of a known source. Its sheets are "
        f"{quoted(sheet.name for sheet in sheets)}. Send the workbook with the table on a sheet of its own, "
        "its headings in one of the first 30 rows.",
    )


def read_batches(member: Member, match: Match) -> Iterator[Batch]:
    """The rows under the headings by their spreadsheet row; empty rows are left out."""
    dialect, width = match.dialect, match.width
    names = [f'"{column_letters(position)}"' for position in range(width)]
    styles = _styles(member, match)
    columns = ", ".join(
        _written(name, styles.get(position), _column_at(match, position), dialect.date_1904)
        + f" as c{position}"
        for position, name in enumerate(names)
    )
    query = (
        f"select row_number, {columns} from (select row_number() over () as row_number, * "
        f"from {_from(member, dialect.sheet, width, LAST_ROW)}) "
        f"where row_number > {dialect.header_row} and coalesce({', '.join(names)}) is not null"
    )
    with _connect() as connection:
        try:
            for part in connection.execute(query).to_arrow_reader(BATCH_ROWS):
                yield Batch(pa.table(part.columns, names=part.schema.names))
        except (duckdb.Error, pa.ArrowException):
            raise unreadable() from None


def _styles(member: Member, match: Match) -> dict[int, str]:
    named, _ = _sheets(member)
    part = dict(named).get(match.dialect.sheet, "")
    try:
        return column_styles(member.path, part, match.dialect.header_row)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, ElementTree.ParseError):
        raise unreadable() from None


def _column_at(match: Match, position: int) -> Column | None:
    names = (name for name, at in match.columns.items() if at == position)
    name = next(names, None)
    return match.contract.column(name) if name else None


def _written(cell: str, style: str | None, column: Column | None, date_1904: bool) -> str:
    """SQL for a cell as text: a number of days as the date that a person sees in the sheet."""
    kind = column.type if column else "text"
    dated = kind in ("date", "month", "timestamp", "timestamp_utc")
    if style is None and not dated:
        return cell
    form = _SHOWN[style or (DATE if kind in ("date", "month") else DATE_TIME)]
    low, high = (0, 2_958_465) if style else _PLAUSIBLE_DAYS
    if dated and kind != "timestamp_utc" and column.formats:
        form = column.formats[0]
    if kind == "timestamp_utc":
        form = "%Y-%m-%dT%H:%M:%S+00:00"
    start = datetime(1904, 1, 1) if date_1904 else datetime(1899, 12, 30)
    seconds = f"cast(round(try_cast({cell} as double) * 86400) as bigint)"
    written = f"strftime(timestamp '{start:%Y-%m-%d}' + to_seconds({seconds}), {_text(form)})"
    is_days = (
        f"regexp_full_match({cell}, '\\d+(\\.\\d+)?(E-\\d+)?') "
        f"and try_cast({cell} as double) between {low} and {high}"
    )
    return f"case when {is_days} then {written} else {cell} end"
