"""The profile of a delivery: a row per column, per month, and per scope that it may be complete for."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

import duckdb

from swp.contracts import Column, Contract, normalise_value, seed_rows
from swp.gate import expressions as sql
from swp.gate import flags
from swp.vault import literal, quoted

# A daily source whose month ends more than this many days early is cut short.
CUT_SHORT_DAYS = 3
# A file that holds fewer of its publisher's areas than this is partial.
COMPLETE_AREA_SHARE = 0.9


@dataclass(frozen=True)
class ColumnProfile:
    """Counts over the rows of one column. `applicable` leaves out rows where it may be blank."""

    column: Column
    delivered: bool
    applicable: int
    blank: int
    unparseable: int
    out_of_list: int

    @property
    def blank_pct(self) -> float:
        return 100 * self.blank / self.applicable if self.applicable else 0.0


@dataclass(frozen=True)
class MonthProfile:
    """Rows of one publisher and month; days are London days."""

    publisher: str
    month: date
    rows: int
    first_day: date | None
    last_day: date | None
    exact_duplicates: int
    cut_short: bool


@dataclass(frozen=True)
class Scope:
    """What the file may be complete for, and why it is not."""

    publisher: str
    area: str
    month: date
    category: str
    rows: int
    complete: bool
    reason: str | None


@dataclass(frozen=True)
class Profile:
    """All that later judgement needs to know of the file; holds no values but months, areas, categories."""

    rows: int
    columns: tuple[ColumnProfile, ...]
    months: tuple[MonthProfile, ...]
    scopes: tuple[Scope, ...]
    exact_duplicates: int
    repeated_keys: int
    blank_pattern_cells: int
    # Column name, month, rows in which a value is wanted, and those of them that are blank.
    field_months: tuple[tuple[str, date, int, int], ...] = ()

    @property
    def is_partial(self) -> bool:
        return any(not scope.complete for scope in self.scopes)

    @property
    def period(self) -> tuple[date | None, date | None]:
        """First and last day that the file speaks of, whole months."""
        months = sorted(month.month for month in self.months)
        return (months[0], _month_end(months[-1])) if months else (None, None)


def _month_end(month: date) -> date:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _columns(connection: duckdb.DuckDBPyConnection, contract: Contract, delivered: set[str]):
    """Rows of the file and the profile of each column: the sums of its flags."""
    present = {name: told for name, told in flags.of_columns(contract).items() if name in delivered}
    # Where every row was malformed there is none to count.
    sums = [
        f"coalesce(count_if({flag}), 0)"
        for told in present.values()
        for flag in (told.applicable, told.blank, told.unparseable, told.out_of_list)
    ]
    row = connection.execute(f"select {', '.join(['count(*)', *sums])} from flags").fetchone()
    numbers = {name: row[1 + 4 * place : 5 + 4 * place] for place, name in enumerate(present)}
    profiles = tuple(
        ColumnProfile(column, column.name in delivered, *numbers.get(column.name, (row[0], row[0], 0, 0)))
        for column in contract.columns
    )
    return row[0], profiles


def publisher_of(contract: Contract, file_name: str) -> str | None:
    """The publisher, where it is constant or in the file's name rather than in a column."""
    scope = contract.scope
    if scope.publisher_from_name:
        found = re.search(scope.publisher_from_name, PurePath(file_name).name, re.IGNORECASE)
        return found[1].lower() if found else None
    return scope.publisher_is


def period_in_name(contract: Contract, file_name: str) -> tuple[date | None, date | None]:
    """The year that the file's name states, where the contract says that it does (`mid2020`)."""
    found = contract.period_from_name and re.search(contract.period_from_name, file_name, re.IGNORECASE)
    return (date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)) if found else (None, None)


def _publisher_sql(contract: Contract, file_name: str) -> str:
    if contract.scope.publisher:
        return f"coalesce({sql.clean(contract, contract.column(contract.scope.publisher))}, '')"
    return literal(publisher_of(contract, file_name) or "")


def _prepare_days(connection: duckdb.DuckDBPyConnection, contract: Contract, file_name: str) -> None:
    """Temp table `dated`: row_number, publisher, month, day of every row that has a period."""
    publisher = _publisher_sql(contract, file_name)
    if contract.pattern and contract.pattern.period:
        headings = f"unnest(map_keys({quoted(contract.pattern.column)}))"
        connection.execute(f"""
            create or replace temp table dated as
            select row_number, publisher, strptime(heading, '%Y%m')::date as month, null::date as day
            from (select row_number, {publisher} as publisher, {headings} as heading from delivered)
        """)
    elif contract.period_column:
        column = contract.column(contract.period_column)
        value = sql.typed(contract, column)
        day = "null::date" if column.type == "month" else f"({value})::date"
        connection.execute(f"""
            create or replace temp table dated as
            select
                row_number, {publisher} as publisher,
                date_trunc('month', {value})::date as month, {day} as day
            from delivered
            where {value} is not null
        """)
    else:
        connection.execute(
            "create or replace temp table dated (row_number bigint, publisher varchar, month date, day date)"
        )


def _duplicates(connection: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    """Temp table `copies` of the rows that repeat an earlier row exactly; return how many."""
    names = [quoted(column.name) for column in contract.columns]
    if contract.pattern:
        names.append(f"{quoted(contract.pattern.column)}::varchar")
    connection.execute(f"""
        create or replace temp table copies as
        select row_number
        from delivered
        qualify row_number() over (partition by {", ".join(names)} order by row_number) > 1
    """)
    return connection.execute("select count(*) from copies").fetchone()[0]


def _repeated_keys(connection: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    """Rows whose key stands in an earlier row too, exact copies left out; rows without a key do not count."""
    if not contract.keys:
        return 0
    keys = [sql.clean(contract, contract.column(name)) for name in contract.keys]
    present = " and ".join(f"{key} is not null" for key in keys)
    return connection.execute(f"""
        select coalesce(sum(repeats - 1), 0)
        from (
            select count(*) as repeats
            from delivered
            where {present} and row_number not in (select row_number from copies)
            group by {", ".join(keys)}
        )
    """).fetchone()[0]


def _months(connection: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[MonthProfile, ...]:
    rows = connection.execute(f"""
        select
            dated.publisher, dated.month, count(*), min(dated.day), max(dated.day), count(copies.row_number),
            coalesce(last_day(dated.month) - max(dated.day) > {CUT_SHORT_DAYS}, false)
        from dated
        left join copies on dated.row_number = copies.row_number
        group by dated.publisher, dated.month
        order by dated.publisher, dated.month
    """).fetchall()
    return tuple(MonthProfile(*row[:6], cut_short=bool(row[6]) and contract.scope.daily) for row in rows)


def _areas_expected(contract: Contract, publisher: str) -> set[str]:
    """Normalised names of the areas that this publisher's file should hold; empty: not stated."""
    scope = contract.scope
    group = dict(scope.area_groups).get(publisher)
    if not (scope.areas and group):
        return set()
    return {
        normalise_value(row[scope.areas.column])
        for row in seed_rows(scope.areas.seed)
        if row["force"] == group and row["borough_code"]
    }


def _incomplete_reason(contract: Contract, publisher: str, areas: set[str], categories: int) -> str | None:
    """Why the file cannot be complete for this publisher; None: nothing speaks against it."""
    expected = _areas_expected(contract, publisher)
    found = len(expected & areas)
    if expected and found < COMPLETE_AREA_SHARE * len(expected):
        return f"holds {found} of the {len(expected)} boroughs of the force"
    if categories < contract.scope.min_categories:
        return f"holds {categories} major classes, at least {contract.scope.min_categories} are usual"
    return None


def _scopes(connection: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[Scope, ...]:
    scope = contract.scope

    def text(name: str | None) -> str:
        return f"coalesce({sql.clean(contract, contract.column(name))}, '')" if name else "''"

    area = text(scope.area)
    if scope.area_pattern:
        area = f"regexp_extract({area}, {literal(scope.area_pattern)}, 1)"
    connection.execute(f"""
        create or replace temp table cells as
        select dated.publisher, area, dated.month, category, count(*) as rows
        from dated
        inner join (
            select row_number, {area} as area, {text(scope.category)} as category from delivered
        ) as described on dated.row_number = described.row_number
        group by all
    """)
    reasons = {}
    for publisher, month, areas, categories in connection.execute("""
        select publisher, month, list(distinct area), count(distinct category) from cells group by all
    """).fetchall():
        names = {normalise_value(name) for name in areas}
        reasons[publisher, month] = _incomplete_reason(contract, publisher, names, categories)
    # Areas matter to the scope of a count; of record rows the force is the area, whatever places they name.
    area = "''" if scope.area_pattern else "area"
    cells = connection.execute(f"""
        select publisher, {area}, month, category, sum(rows)::bigint from cells group by all order by all
    """).fetchall()
    return tuple(
        Scope(*cell, complete=reasons[cell[0], cell[2]] is None, reason=reasons[cell[0], cell[2]])
        for cell in cells
    )


def _blank_pattern_cells(connection: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    if not contract.pattern:
        return 0
    blank = f"vault.rules.clean(cell, {sql.sql_list(contract.null_values)}) is null"
    return connection.execute(f"""
        select count(*) filter ({blank})
        from (select unnest(map_values({quoted(contract.pattern.column)})) as cell from delivered)
    """).fetchone()[0]


def _field_months(
    connection: duckdb.DuckDBPyConnection, contract: Contract
) -> tuple[tuple[str, date, int, int], ...]:
    """Completeness of each wanted column by month of the record; a column that did not come is all blank."""
    wanted = [column for column in contract.columns if column.need != "optional"]
    if not contract.period_column or not wanted:
        return ()
    told = flags.of_columns(contract)
    sums = ", ".join(
        f"count_if({told[column.name].applicable}), count_if({told[column.name].blank})" for column in wanted
    )
    rows = connection.execute(f"""
        select month, {sums}
        from dated
        inner join flags on dated.row_number = flags.row_number
        group by month
        order by month
    """).fetchall()
    return tuple(
        (column.name, row[0], row[1 + 2 * place], row[2 + 2 * place])
        for row in rows
        for place, column in enumerate(wanted)
    )


def measure(
    connection: duckdb.DuckDBPyConnection, contract: Contract, delivered: set[str], file_name: str
) -> Profile:
    """The profile of temp tables `delivered` and `flags`; the file came with the columns of `delivered`."""
    rows, columns = _columns(connection, contract, delivered)
    duplicates = _duplicates(connection, contract)
    _prepare_days(connection, contract, file_name)
    return Profile(
        rows=rows,
        columns=columns,
        months=_months(connection, contract),
        scopes=_scopes(connection, contract),
        exact_duplicates=duplicates,
        repeated_keys=_repeated_keys(connection, contract),
        blank_pattern_cells=_blank_pattern_cells(connection, contract),
        field_months=_field_months(connection, contract),
    )
