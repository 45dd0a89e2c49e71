"""Reading and writing the ledger; the tables are described in ledger.sql and docs/architecture.md."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow

from swp import trail
from swp.contracts import Contract
from swp.gate import Context, Inspection
from swp.gate.profile import Profile, period_in_name, publisher_of
from swp.vault import literal, quoted, raw_columns


@dataclass(frozen=True)
class Provenance:
    """Where a delivery comes from and when it was published ('given', 'file' or 'landed': how we know)."""

    published_on: date
    published_on_basis: str
    data_origin: str
    archived_as: str | None = None
    # Content of the archived file where rows of erased persons were left out; temp table tombstoned has them.
    redacted_sha256: str | None = None


def already_landed(connection: duckdb.DuckDBPyConnection, content_sha256: str) -> str | None:
    """The id of an accepted delivery with this content."""
    row = connection.execute(
        """
        select delivery_id
        from vault.ledger.deliveries
        anti join vault.ledger.withdrawals on deliveries.delivery_id = withdrawals.delivery_id
        where verdict <> 'rejected' and (
            content_sha256 = $content
            or delivery_id in (
                select delivery_id from vault.ledger.redactions where content_sha256 = $content
            )
        )
        order by delivery_id
        """,
        {"content": content_sha256},
    ).fetchone()
    return row[0] if row else None


def home_kind(connection: duckdb.DuckDBPyConnection) -> str | None:
    """'sample' or 'real', by what this home holds; None while it holds nothing."""
    if row := connection.execute("select is_sample from vault.ledger.home").fetchone():
        return "sample" if row[0] else "real"
    return None


def settle_as_sample(
    connection: duckdb.DuckDBPyConnection, as_of: date, registered_gaps: list[dict[str, str]]
) -> None:
    """Say, before the first file of the sample is judged, what day it is there and which gaps are known."""
    if home_kind(connection) is not None:
        return
    connection.execute("begin")
    connection.execute("insert into vault.ledger.home values (true, ?)", [as_of])
    for place, gap in enumerate(registered_gaps, 1):
        values = [gap[name] for name in ("source", "column", "owner", "reason", "asked_on", "expires_on")]
        connection.execute(
            "insert into vault.ledger.gaps values (?, ?, ?, ?, ?, ?, ?)", [f"R{place:03d}", *values]
        )
    connection.execute("commit")


def unsettle_if_empty(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget what kind of home this is while nothing was accepted: a rejected file settles nothing."""
    (accepted,) = connection.execute(
        "select count(*) from vault.ledger.deliveries where verdict <> 'rejected'"
    ).fetchone()
    if not accepted and home_kind(connection) == "sample":
        connection.execute("begin")
        connection.execute("delete from vault.ledger.gaps")
        connection.execute("delete from vault.ledger.home")
        connection.execute("commit")


def as_of(connection: duckdb.DuckDBPyConnection) -> date:
    """ "Today" of this home: the sample's own date, else the real one."""
    row = connection.execute("select max(as_of_date) from vault.ledger.home").fetchone()
    return row[0] or date.today()


def context(connection: duckdb.DuckDBPyConnection) -> Context:
    """Registered gaps and usual volumes, for the gate."""
    today = as_of(connection)
    gaps = {
        (source, column): (
            f"This gap is registered ({gap_id}: {reason}; owner {owner}, asked on {asked}, until {expires})."
        )
        for gap_id, source, column, owner, reason, asked, expires in connection.execute(
            "select * from vault.ledger.gaps where expires_on >= ?", [today]
        ).fetchall()
    }
    usual: dict[str, dict[tuple[str, date], int]] = {}
    for source, publisher, month, rows in connection.execute("""
        select source, publisher, month, max(rows) from vault.ledger.month_profile group by all
    """).fetchall():
        usual.setdefault(source, {})[publisher, month] = rows
    return Context(gaps, usual)


def _next_id(connection: duckdb.DuckDBPyConnection) -> str:
    last = connection.execute(
        "select coalesce(max(substr(delivery_id, 2)::int), 0) from vault.ledger.deliveries"
    ).fetchone()[0]
    return f"D{last + 1:04d}"


def _forget_rejection(connection: duckdb.DuckDBPyConnection, content_sha256: str) -> str | None:
    """Remove an earlier rejection of the same content; return its id, to be used again."""
    row = connection.execute(
        "select delivery_id from vault.ledger.deliveries where content_sha256 = ? and verdict = 'rejected'",
        [content_sha256],
    ).fetchone()
    if row:
        for table in ("findings", "deliveries"):
            connection.execute(f"delete from vault.ledger.{table} where delivery_id = ?", [row[0]])
    return row[0] if row else None


def record(
    connection: duckdb.DuckDBPyConnection,
    inspection: Inspection,
    provenance: Provenance,
    now: datetime,
) -> str:
    """Write everything about one inspected file, its rows included, in one transaction; return its id."""
    connection.execute("begin")
    try:
        before = _forget_rejection(connection, inspection.member.content_sha256)
        delivery_id = before or _next_id(connection)
        _insert_delivery(connection, delivery_id, inspection, provenance, now)
        _insert_findings(connection, delivery_id, inspection)
        if not inspection.is_rejected:
            if home_kind(connection) is None:
                connection.execute("insert into vault.ledger.home values (false, null)")
            insert_profile(connection, delivery_id, inspection.contract.name, inspection.profile)
            _insert_rows(connection, delivery_id, inspection.contract)
            _insert_quarantine(connection, delivery_id, inspection)
            if provenance.redacted_sha256:
                _keep_out(connection, delivery_id, inspection.contract.name, provenance, now)
        if not (before and inspection.is_rejected):
            _tell(connection, delivery_id, inspection)
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return delivery_id


def _tell(connection: duckdb.DuckDBPyConnection, delivery_id: str, inspection: Inspection) -> None:
    source = inspection.contract.name if inspection.contract else "unknown source"
    trail.record(
        connection,
        "land",
        delivery_ids=[delivery_id],
        detail=f"{source}: {inspection.verdict}",
        rows_accepted=inspection.rows_accepted,
        rows_set_aside=inspection.rows_delivered - inspection.rows_accepted,
    )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        # By way of Arrow: a scope table of a long count file has tens of thousands of rows.
        names = [f"c{place}" for place in range(len(rows[0]))]
        columns = (list(column) for column in zip(*rows, strict=True))
        given = pyarrow.table(dict(zip(names, columns, strict=True)))
        connection.register("given", given)
        connection.execute(f"insert into vault.ledger.{table} select * from given")
        connection.unregister("given")


def _insert_delivery(
    connection: duckdb.DuckDBPyConnection,
    delivery_id: str,
    inspection: Inspection,
    provenance: Provenance,
    now: datetime,
) -> None:
    contract, member, match = inspection.contract, inspection.member, inspection.match
    measured = inspection.profile
    start, end = measured.period if measured else (None, None)
    if contract and start is None:
        start, end = period_in_name(contract, member.file_name)
    publisher = publisher_of(contract, member.file_name) if contract else None
    if measured and contract.scope.publisher:
        publisher = ", ".join(sorted({month.publisher for month in measured.months})) or None
    connection.execute(
        f"insert into vault.ledger.deliveries values ({', '.join('?' * 25)})",
        [
            delivery_id,
            contract.name if contract else None,
            contract.supplier if contract else None,
            publisher,
            member.file_name,
            member.content_sha256,
            member.path.lstat().st_size,
            provenance.archived_as,
            member.format,
            match.dialect.encoding if match else None,
            inspection.rows_read,
            inspection.rows_delivered,
            inspection.rows_accepted,
            inspection.rows_delivered - inspection.rows_accepted,
            inspection.rows_malformed,
            start,
            end,
            provenance.published_on,
            provenance.published_on_basis,
            bool(measured and measured.is_partial),
            provenance.data_origin,
            inspection.verdict,
            match.labels if match else {},
            [heading for heading, _ in match.unexpected] if match else [],
            now,
        ],
    )


def _insert_findings(connection: duckdb.DuckDBPyConnection, delivery_id: str, inspection: Inspection) -> None:
    source = inspection.contract.name if inspection.contract else None
    _insert(
        connection,
        "findings",
        [
            (
                delivery_id,
                source,
                finding.check,
                finding.column,
                finding.dimension,
                finding.severity,
                finding.passed,
                finding.count,
                finding.tested,
                finding.message,
            )
            for finding in inspection.findings
        ],
    )


# What insert_profile writes; a delivery that is measured anew or withdrawn loses its rows in them first.
PROFILE_TABLES = ("column_profile", "field_months", "month_profile", "scopes")


def insert_profile(
    connection: duckdb.DuckDBPyConnection, delivery_id: str, name: str, measured: Profile
) -> None:
    """Write the profile of one delivery of source `name`, inside the caller's transaction."""
    _insert(
        connection,
        "column_profile",
        [
            (
                delivery_id,
                name,
                item.column.name,
                item.column.label,
                item.column.need,
                item.delivered,
                item.applicable,
                item.blank,
                item.unparseable,
                item.out_of_list,
                item.column.max_blank_pct,
            )
            for item in measured.columns
        ],
    )
    _insert(connection, "field_months", [(delivery_id, name, *counts) for counts in measured.field_months])
    _insert(
        connection,
        "month_profile",
        [
            (
                delivery_id,
                name,
                month.publisher,
                month.month,
                month.rows,
                month.first_day,
                month.last_day,
                month.exact_duplicates,
                month.cut_short,
            )
            for month in measured.months
        ],
    )
    _insert(
        connection,
        "scopes",
        [
            (
                delivery_id,
                name,
                scope.publisher,
                scope.area,
                scope.month,
                scope.category,
                scope.rows,
                scope.complete,
                scope.reason,
            )
            for scope in measured.scopes
        ],
    )


def _insert_rows(connection: duckdb.DuckDBPyConnection, delivery_id: str, contract: Contract) -> None:
    names = [name for name, _ in raw_columns(contract)]
    columns = ", ".join(quoted(name) for name in names)
    values = ", ".join(quoted(name) for name in names[1:])
    connection.execute(
        f"""
        insert into vault.raw.{quoted(contract.name)} ({columns})
        select ?, {values}
        from delivered
        where row_number not in (select row_number from faults)
        order by row_number
        """,
        [delivery_id],
    )


def take_out(connection: duckdb.DuckDBPyConnection, source: str, gone: str) -> None:
    """Delete the rows `gone` (delivery_id, row_number) from raw and quarantine; the caller commits."""
    for table in (f"vault.raw.{quoted(source)}", "vault.ledger.quarantine"):
        connection.execute(f"""
            delete from {table}
            where (delivery_id, row_number) in (select (delivery_id, row_number) from {gone})
        """)


def _keep_out(
    connection: duckdb.DuckDBPyConnection,
    delivery_id: str,
    source: str,
    provenance: Provenance,
    now: datetime,
) -> None:
    """Take the rows of erased persons out of a delivery that has just come, and count them as erased."""
    accepted, aside = connection.execute(
        """
        select count(*) filter (not is_aside), count(*) filter (is_aside)
        from (
            select row_number in (
                select row_number from vault.ledger.quarantine where delivery_id = ?
            ) as is_aside
            from tombstoned
        )
        """,
        [delivery_id],
    ).fetchone()
    connection.execute(
        "insert into vault.ledger.erasures values (?, ?, ?, ?, ?)",
        [delivery_id, source, now, accepted, aside],
    )
    connection.execute(
        "insert into vault.ledger.redactions values (?, ?, ?)", [delivery_id, provenance.redacted_sha256, now]
    )
    take_out(
        connection, source, f"(select {literal(delivery_id)} as delivery_id, row_number from tombstoned)"
    )


def _insert_quarantine(
    connection: duckdb.DuckDBPyConnection, delivery_id: str, inspection: Inspection
) -> None:
    contract = inspection.contract
    names = [column.name for column in contract.columns]
    keys = ", ".join(f"'{name}'" for name in names)
    values = ", ".join(quoted(name) for name in names)
    row_text = f"map([{keys}], [{values}])"
    extra = ["_extra"] + ([contract.pattern.column] if contract.pattern else [])
    for name in extra:
        row_text = f"map_concat({row_text}, coalesce({quoted(name)}, map([]::varchar[], []::varchar[])))"
    connection.execute(
        f"""
        insert into vault.ledger.quarantine
        select ?, ?, faults.row_number, faults.reasons, {row_text}
        from faults
        inner join delivered on faults.row_number = delivered.row_number
        union all
        select
            ?, ?, row_number,
            [{{'column_name': null, 'check_name': 'row_has_wrong_number_of_fields'}}],
            map(['line'], [row_text])
        from delivered_malformed
        """,
        [delivery_id, contract.name, delivery_id, contract.name],
    )
