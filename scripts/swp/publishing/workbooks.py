"""A workbook for each recommendation: a cover that says what the numbers are, then the numbers as tables.

Reads the DuckDB file of a profile that is already written, so that it can hold no more than that file does.
Every text is written as text: a value that looks like a formula stays what it is.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from multiprocessing import get_context
from pathlib import Path

import duckdb
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

# Sheet, what it says of itself, and which rows of the mart it takes. Single categories of small areas,
# crossed breakdowns and rolling years are left to the DuckDB and Parquet files: nobody reads tens of
# thousands of rows in a spreadsheet.
SHEETS = (
    (
        "Borough",
        "The whole borough, and the areas that it is compared with.",
        "area_type not in ('ward', 'lsoa', 'stable_area') and breakdown_2 = 'all' "
        "and period_type not in ('calendar_month', 'rolling_12_months')",
    ),
    (
        "Wards",
        "Wards of May 2022.",
        "area_type = 'ward' and breakdown_2 = 'all' "
        "and period_type not in ('calendar_month', 'rolling_12_months')",
    ),
    (
        "Small areas",
        "Totals of the review year in LSOAs, and in the groups of them that both vintages add up to.",
        "area_type in ('lsoa', 'stable_area') and breakdown = 'all' and breakdown_2 = 'all' "
        "and period_type = 'review_year'",
    ),
    (
        "Months",
        "Calendar months of the borough.",
        "area_type = 'borough' and period_type = 'calendar_month'",
    ),
)
COLUMNS = {
    "measure_name": 38,
    "unit": 9,
    "period_type": 16,
    "period_start": 12,
    "period_end": 12,
    "area_type": 12,
    "area_name": 22,
    "area_code": 12,
    "breakdown": 18,
    "category": 26,
    "breakdown_2": 14,
    "category_2": 20,
    "value": 12,
    "numerator": 11,
    "denominator": 12,
    "unknown_count": 14,
    "coverage_pct": 13,
    "ci_lower": 10,
    "ci_upper": 10,
    "previous_value": 14,
    "change_pct": 12,
    "change_is_beyond_chance": 16,
    "status": 20,
    "status_reason": 46,
    "definition_id": 28,
    "source_ids": 16,
    "as_at_date": 12,
    "observation_key": 34,
}
NOTES = (
    "Never add up the column value: rows overlap, and percentages have bases of their own.",
    "An empty value is not nought. The columns status and status_reason say why it is empty.",
    "Shares are of the records of which it is known; unknown_count stands beside them.",
    "The interval (ci_lower to ci_upper) is of 95%: Wilson's for shares, Byar's for counts and rates.",
    "A change is of the same months a year before; change_is_beyond_chance says whether chance explains it.",
)
SYNTHETIC = "SYNTHETIC SAMPLE. These numbers describe no real place or person."


@dataclass(frozen=True)
class Recommendation:
    """What the cover says of a recommendation, and the mart that answers it."""

    recommendation_id: str
    short_name: str
    question: str
    mart_name: str


@dataclass(frozen=True)
class Edition:
    """What every workbook of a profile says of the publication; `as_of` is the day of the build."""

    profile: str
    published_at: datetime
    as_of: str | None


def write_workbooks(database: Path, folder: Path, edition: Edition) -> list[Path]:
    """Write `R01_<slug>.xlsx` ... for every recommendation whose mart is in `database`; return their paths.

    The files bear the time of the publication as theirs, so that the same publication gives the same bytes.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        recommendations = _recommendations(connection)
    if not recommendations:
        return []
    folder.mkdir(exist_ok=True)
    # Each in a process of its own: writing cells is slow, and in Python.
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        tasks = [pool.submit(write_workbook, database, folder, each, edition) for each in recommendations]
        return [task.result() for task in tasks]


def write_workbook(database: Path, folder: Path, recommendation: Recommendation, edition: Edition) -> Path:
    """Write the workbook of one recommendation into `folder`; return its path."""
    slug = recommendation.mart_name.removeprefix("mart_r")[3:]
    path = folder / f"{recommendation.recommendation_id}_{slug}.xlsx"
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with (
        duckdb.connect(str(database), read_only=True) as connection,
        xlsxwriter.Workbook(str(path), options) as book,
    ):
        created = edition.published_at.replace(tzinfo=None)
        book.set_properties({"title": recommendation.short_name, "created": created})
        _Writer(connection, book, recommendation, edition).write()
    return path


def _recommendations(connection: duckdb.DuckDBPyConnection) -> list[Recommendation]:
    """The recommendations whose mart was published, in order; none where there is no list of them."""
    tables = dict(
        connection.execute(
            "select table_name, schema_name from duckdb_tables() "
            "where schema_name in ('reference', 'marts') order by schema_name desc"
        ).fetchall()
    )
    if tables.get("recommendations") != "reference":
        return []
    rows = connection.execute(
        "select recommendation_id, short_name, question, mart_name from reference.recommendations order by 1"
    ).fetchall()
    return [Recommendation(*row) for row in rows if row[3] in tables]


class _Writer:
    """Writes one workbook."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        book: Workbook,
        recommendation: Recommendation,
        edition: Edition,
    ):
        self.connection, self.book = connection, book
        self.recommendation, self.edition = recommendation, edition
        self.mart = f'marts."{recommendation.mart_name}"'
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.label = book.add_format({"bold": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.warning = book.add_format({"bold": True, "bg_color": "#FFE08A", "text_wrap": True})
        self.number = book.add_format({"num_format": "#,##0.##"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})

    def write(self) -> None:
        cover = self.book.add_worksheet("About")
        sheets = [(name, about) for name, about, where in SHEETS if self._write_rows(name, where)]
        self._write_definitions(self.book.add_worksheet("Definitions"))
        self._write_cover(cover, sheets)

    def _ask(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()

    def _write_rows(self, name: str, where: str) -> bool:
        """A sheet with the rows that `where` takes, as an Excel table; False where there is none."""
        kinds = {row[0]: row[1] for row in self._ask(f"describe {self.mart}")}
        columns = [column for column in COLUMNS if column in kinds]
        rows = self._ask(f"select {', '.join(columns)} from {self.mart} where {where} order by all")
        if not rows:
            return False
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, COLUMNS[column], self._format(kinds[column]))
        for line, row in enumerate(rows, 1):
            _write_row(sheet, line, row, self.day)
        sheet.add_table(
            0,
            0,
            len(rows),
            len(columns) - 1,
            {
                "name": f"{self.recommendation.recommendation_id}_{name.replace(' ', '_')}",
                "style": "Table Style Light 9",
                "columns": [{"header": column} for column in columns],
            },
        )
        return True

    def _format(self, kind: str):
        if kind == "DOUBLE":
            return self.number
        return self.day if kind == "DATE" else None

    def _write_definitions(self, sheet: Worksheet) -> None:
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 3, 60, self.text)
        header = ("Measure", "What it is", "Definition", "Source of the definition")
        for place, heading in enumerate(header):
            sheet.write_string(0, place, heading, self.label)
        sheet.freeze_panes(1, 1)
        rows = self._ask(
            f"""
            select
                measures.measure_name, measures.description,
                definitions.name || ': ' || definitions.definition, definitions.source
            from (select distinct measure_id, definition_id from {self.mart}) as used
            inner join reference.measures as measures on used.measure_id = measures.measure_id
            left join reference.definitions as definitions on used.definition_id = definitions.definition_id
            order by all
            """
        )
        for line, row in enumerate(rows, 1):
            _write_row(sheet, line, row, self.day)

    def _write_cover(self, sheet: Worksheet, sheets: Sequence[tuple[str, str]]) -> None:
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 110)
        sheet.hide_gridlines(2)
        sheet.write_string(
            0, 0, f"{self.recommendation.recommendation_id}: {self.recommendation.short_name}", self.title
        )
        line = 2
        for label, text in self._cover_lines(sheets):
            is_warning = text == SYNTHETIC
            sheet.write_string(line, 0, label, self.label)
            sheet.write_string(line, 1, text, self.warning if is_warning else self.text)
            line += 1

    def _cover_lines(self, sheets: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        origins = {row[0] for row in self._ask(f"select distinct data_origin from {self.mart}")}
        if "synthetic" in origins:
            yield "Beware", SYNTHETIC
        yield "Question", self.recommendation.question
        yield "Audience", f"Profile {self.edition.profile}"
        yield "Published", f"{self.edition.published_at:%d %B %Y, %H:%M} UTC"
        if self.edition.as_of:
            yield "Built as at", self.edition.as_of
        first, last, oldest, newest = self._ask(
            f"select min(period_start), max(period_end), min(as_at_date), max(as_at_date) from {self.mart}"
        )[0]
        if first:
            yield "Periods", f"{first} to {last}"
        if oldest:
            yield "Deliveries of", f"{oldest} to {newest} (as_at_date of each row)"
        sources = self._ask(
            f"""
            select sources.source_id || ': ' || sources.source_name || ' (' || sources.supplier || ')'
            from (
                select distinct unnest(string_split(source_ids, ',')) as source_id from {self.mart}
            ) as used
            inner join reference.sources as sources on used.source_id = sources.source_id
            order by 1
            """
        )
        for place, (source,) in enumerate(sources):
            yield ("Sources" if place == 0 else "", source)
        rows, filled = self._ask(f"select count(*), count(value) from {self.mart}")[0]
        yield "Coverage", f"{filled:,} of {rows:,} observations have a value."
        reasons = self._ask(
            f"""
            select status || ': ' || count(*) || ' (' || any_value(status_reason) || ')' from {self.mart}
            where value is null group by status order by count(*) desc
            """
        )
        for (reason,) in reasons:
            yield "", reason
        for place, note in enumerate(NOTES):
            yield ("How to read it" if place == 0 else "", note)
        for place, (name, about) in enumerate(sheets):
            yield ("Sheets" if place == 0 else "", f"{name}: {about}")
        yield "", "Definitions: what each measure counts, and where its definition comes from."
        yield "Every row", "The DuckDB and Parquet files of the same publication hold all rows."


def _write_row(sheet: Worksheet, line: int, row: Sequence[object], day) -> None:
    """The cells of a row, each by its type; null leaves the cell empty."""
    for place, value in enumerate(row):
        if value is None:
            continue
        if isinstance(value, bool):
            sheet.write_boolean(line, place, value)
        elif isinstance(value, int | float):
            sheet.write_number(line, place, value)
        elif isinstance(value, date):
            sheet.write_datetime(line, place, value, day)
        else:
            sheet.write_string(line, place, value if isinstance(value, str) else json.dumps(value))
