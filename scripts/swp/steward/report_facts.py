"""What a delivery report says, gathered from the ledger: counts, months, row numbers, reasons; no values."""

from dataclasses import dataclass
from datetime import date
from statistics import median

import duckdb

from swp.contracts import Column, Contract, load_contracts, seed_rows
from swp.gate.judgement import USUAL_HIGH, USUAL_LOW, USUAL_MONTHS
from swp.landing import ledger
from swp.landing.report import REASONS, SEVERITIES, VERDICTS
from swp.reading.wording import printable
from swp.steward import deliveries
from swp.steward.deliveries import Delivery

# What a check found, as a heading; the message says the rest.
TITLES = {
    "column_is_delivered": "A column is missing",
    "column_is_filled": "Too many blanks",
    "values_parse": "Values that do not read",
    "values_in_code_list": "Values outside the code list",
    "row_faults": "Rows that cannot be used",
    "quarantined_rows_within_limit": "Too many rows that cannot be used",
    "exact_duplicates": "Rows that are copies",
    "repeated_key": "Rows with the same key",
    "unexpected_column": "Columns that were not expected",
    "partial_scope": "Part of the file's subject only",
    "blank_month_cells": "Blank months",
    "month_is_cut_short": "A month is cut short",
    "month_is_missing": "A month is missing",
    "month_volume_is_usual": "A month is far from the usual",
    "file_has_rows": "No rows",
    "name_fits_content": "Name and content differ",
}
# What to ask for where the contract has no words of its own.
ASKS = {
    "column_is_delivered": "Please add the column '{}' to the export and send the file again.",
    "column_is_filled": "Please fill '{}' where it is known, and say where it cannot be known.",
}
# Rows that the page lists, of those set aside; and that the workbook lists.
ROWS_ON_PAGE, ROWS_IN_BOOK = 200, 100_000
# Months that the chart shows, the latest ones.
MOST_MONTHS = 36
# Months before the delivery that show what is usual.
MONTHS_BEFORE = 12


@dataclass(frozen=True)
class Told:
    """One finding in words. `severity` is a key of SEVERITIES, `ask` what to ask the supplier for."""

    severity: str
    title: str
    column: str | None
    message: str
    ask: str
    serves: tuple[str, ...]
    failing: int | None

    @property
    def severity_words(self) -> str:
        return SEVERITIES[self.severity]


@dataclass(frozen=True)
class Field:
    """How well one column is filled, in per cent of the rows that should have a value."""

    label: str
    need: str
    delivered: bool
    applicable: int
    blank: int
    unparseable: int
    out_of_list: int
    limit_pct: float

    @property
    def filled_pct(self) -> float:
        if not self.delivered or not self.applicable:
            return 0.0
        return 100 * (self.applicable - self.blank) / self.applicable

    @property
    def accepted_pct(self) -> float:
        """Filled at least so far, nothing is found."""
        return 100 - self.limit_pct

    @property
    def state(self) -> str:
        """absent, short (too many blanks), none (no row needs it), off (values that do not fit) or fine."""
        if not self.delivered:
            return "absent"
        if not self.applicable:
            return "none"
        if self.need != "key" and 100 * self.blank / self.applicable > self.limit_pct:
            return "short"
        if self.need == "key" and self.blank:
            return "short"
        return "off" if self.unparseable or self.out_of_list else "fine"

    @property
    def is_lacking(self) -> bool:
        return self.need != "optional" and self.state in ("absent", "short")


@dataclass(frozen=True)
class Month:
    """Rows of a month: of this delivery, or of other ones where `is_here` is false."""

    month: date
    rows: int
    usual: float | None
    is_here: bool
    is_missing: bool
    is_cut_short: bool
    last_day: date | None

    @property
    def is_unusual(self) -> bool:
        return bool(
            self.is_here
            and not self.is_missing
            and self.usual
            and not USUAL_LOW * self.usual <= self.rows <= USUAL_HIGH * self.usual
        )


@dataclass(frozen=True)
class RowAside:
    """One row set aside: its number in the file, and (column or none, what is wrong) for each reason."""

    number: int
    reasons: tuple[tuple[str | None, str], ...]


@dataclass(frozen=True)
class Facts:
    """Everything that the page and the workbook show."""

    delivery: Delivery
    description: str
    findings: tuple[Told, ...]
    fields: tuple[Field, ...]
    months: tuple[Month, ...]
    months_left_out: int
    counts_are_columns: bool
    rows_aside: int
    rows: tuple[RowAside, ...]
    reasons: tuple[tuple[str | None, str, int], ...]  # column or none, what is wrong, in how many rows
    today: date

    @property
    def name(self) -> str:
        """The file's name, as it may be shown."""
        return printable(self.delivery.file_name)

    @property
    def is_synthetic(self) -> bool:
        return self.delivery.data_origin == "synthetic"

    @property
    def verdict(self) -> str:
        """withdrawn, or the verdict of the gate."""
        return "withdrawn" if self.delivery.withdrawn else self.delivery.verdict

    @property
    def verdict_words(self) -> str:
        return "WITHDRAWN" if self.delivery.withdrawn else VERDICTS[self.delivery.verdict]


def gather(connection: duckdb.DuckDBPyConnection, delivery_id: str) -> Facts:
    """The facts of one delivery; raises WrongUse where the ledger does not know it."""
    delivery = deliveries.find(connection, delivery_id)
    contract = load_contracts().get(delivery.source or "")
    months, left_out = _months(connection, delivery)
    rows_aside, rows = _rows(connection, delivery)
    return Facts(
        delivery=delivery,
        description=contract.description if contract else "",
        findings=_findings(connection, delivery, contract),
        fields=_fields(connection, delivery, contract),
        months=months,
        months_left_out=left_out,
        counts_are_columns=bool(contract and contract.pattern and contract.pattern.period),
        rows_aside=rows_aside,
        rows=rows,
        reasons=_reasons(connection, delivery),
        today=ledger.as_of(connection),
    )


def recommendation_names() -> dict[str, str]:
    """Short names of the recommendations by their ids."""
    return {row["recommendation_id"]: row["short_name"] for row in seed_rows("recommendations")}


def _findings(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, contract: Contract | None
) -> tuple[Told, ...]:
    columns = {column.label: column for column in contract.columns} if contract else {}
    order = list(SEVERITIES)
    told = [
        _told(columns.get(label), check, label, severity, failing, message)
        for check, label, severity, failing, message in connection.execute(
            """
            select check_name, column_name, severity, failing, message
            from vault.ledger.findings
            where delivery_id = ? and not is_passed
            order by check_name, column_name
            """,
            [delivery.id],
        ).fetchall()
    ]
    return tuple(sorted(told, key=lambda each: (order.index(each.severity), -len(each.serves))))


def _told(
    column: Column | None, check: str, label: str | None, severity: str, failing: int | None, message: str
) -> Told:
    ask, serves = "", ()
    if column and check in ("column_is_delivered", "column_is_filled"):
        ask, serves = column.asking, column.serves
        # The gate says both in one breath; here they have places of their own.
        message = message.replace(f" {ask}", "") if ask else message
        message = message.replace(f" Needed for {', '.join(serves)}.", "")
        if not column.ask:
            ask = " ".join(filter(None, (ASKS[check].format(printable(column.label)), ask)))
    title = TITLES.get(check, check.replace("_", " ").capitalize())
    return Told(severity, title, label and printable(label), printable(message, 2000), ask, serves, failing)


def _fields(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, contract: Contract | None
) -> tuple[Field, ...]:
    """The columns that lack most first, then by need and the contract's order."""
    place = {column.name: number for number, column in enumerate(contract.columns)} if contract else {}
    needs = ("key", "required", "requested", "optional")
    fields = [
        (place.get(name, len(place)), Field(*values))
        for name, *values in connection.execute(
            """
            select
                column_name, label, need, is_delivered, rows_applicable, rows_blank, rows_unparseable,
                rows_out_of_list, max_blank_pct
            from vault.ledger.column_profile
            where delivery_id = ?
            """,
            [delivery.id],
        ).fetchall()
    ]
    fields.sort(key=lambda each: (not each[1].is_lacking, needs.index(each[1].need), each[0]))
    return tuple(field for _, field in fields)


def _following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _months(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> tuple[tuple[Month, ...], int]:
    """The months of the delivery, with those of other deliveries around them; and how many are not shown."""
    mine = {
        month: rest
        for month, *rest in connection.execute(
            """
            select month, sum(rows)::bigint, bool_or(is_cut_short), max(last_day)
            from vault.ledger.month_profile where delivery_id = ? group by month
            """,
            [delivery.id],
        ).fetchall()
    }
    if not mine:
        return (), 0
    others = dict(
        connection.execute(
            """
            select month, sum(rows)::bigint
            from (
                select publisher, month, max(rows) as rows
                from vault.ledger.month_profile
                where source = $source and publisher in (
                    select publisher from vault.ledger.month_profile where delivery_id = $id
                )
                group by publisher, month
            )
            group by month
            """,
            {"source": delivery.source, "id": delivery.id},
        ).fetchall()
    )
    first, last = min(mine), max(mine)
    earlier = sorted(month for month in others if month < first)[-MONTHS_BEFORE:]
    later = sorted(month for month in others if month > last)[:MONTHS_BEFORE]
    told = []
    month, end = min([first, *earlier]), max([last, *later])
    while month <= end:
        rows, cut_short, last_day = mine.get(month, (others.get(month, 0), False, None))
        usual = [count for other, count in others.items() if other != month]
        told.append(
            Month(
                month,
                rows,
                median(usual) if len(usual) >= USUAL_MONTHS else None,
                is_here=month in mine,
                is_missing=first <= month <= last and month not in mine,
                is_cut_short=bool(cut_short),
                last_day=last_day,
            )
        )
        month = _following(month)
    return _cut(told, last)


def _cut(told: list[Month], last: date) -> tuple[tuple[Month, ...], int]:
    """At most MOST_MONTHS: the latest of the delivery, and what fits around them."""
    if len(told) <= MOST_MONTHS:
        return tuple(told), 0
    here = [month for month in told if month.month <= last][-MOST_MONTHS:]
    after = [month for month in told if month.month > last][: MOST_MONTHS - len(here)]
    shown = tuple(here + after)
    hidden = sum(month.is_here and month not in shown for month in told)
    return shown, hidden


def _rows(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> tuple[int, tuple[RowAside, ...]]:
    count = connection.execute(
        "select count(*) from vault.ledger.quarantine where delivery_id = ?", [delivery.id]
    ).fetchone()[0]
    rows = connection.execute(
        f"""
        select row_number, reasons from vault.ledger.quarantine
        where delivery_id = ? order by row_number limit {ROWS_IN_BOOK}
        """,
        [delivery.id],
    ).fetchall()
    return count, tuple(
        RowAside(
            number,
            tuple(_reason(reason["column_name"], reason["check_name"]) for reason in reasons),
        )
        for number, reasons in rows
    )


def _reason(column: str | None, check: str) -> tuple[str | None, str]:
    return column and printable(column), REASONS.get(check, check.replace("_", " "))


def _reasons(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery
) -> tuple[tuple[str | None, str, int], ...]:
    rows = connection.execute(
        """
        select reason.column_name, reason.check_name, count(distinct row_number)
        from (
            select row_number, unnest(reasons) as reason from vault.ledger.quarantine where delivery_id = ?
        )
        group by all
        order by count(distinct row_number) desc, reason.column_name, reason.check_name
        """,
        [delivery.id],
    ).fetchall()
    return tuple((*_reason(column, check), count) for column, check, count in rows)
