"""The delivery report: the verdict, what to mend, and the rows set aside; plain text to send back."""

import re

import duckdb

from swp.gate.row_faults import REASONS
from swp.paths import Home
from swp.reading.wording import printable

VERDICTS = {
    "accepted": "ACCEPTED",
    "accepted_with_warnings": "ACCEPTED, WITH WARNINGS",
    "rejected": "REJECTED - nothing of this file was loaded",
    "already_landed": "ALREADY LANDED - the same content came before; nothing was changed",
}
SEVERITIES = {
    "reject": "must be mended",
    "quarantine": "rows set aside",
    "gap": "missing field",
    "warning": "please check",
    "info": "registered gap",
}
MOST_ROWS = 50


def findings_lines(findings: list[tuple[str, str]]) -> list[str]:
    """`(severity, message)` pairs as lines, the worst first."""
    order = list(SEVERITIES)
    ranked = sorted(findings, key=lambda finding: order.index(finding[0]))
    return [f"  - {SEVERITIES[severity]}: {message}" for severity, message in ranked]


def _rows_set_aside(connection: duckdb.DuckDBPyConnection, delivery_id: str) -> list[str]:
    rows = connection.execute(
        """
        select row_number, reasons from vault.ledger.quarantine where delivery_id = ? order by row_number
        """,
        [delivery_id],
    ).fetchall()
    lines = []
    for number, reasons in rows[:MOST_ROWS]:
        told = "; ".join(
            f"'{reason['column_name']}' {REASONS[reason['check_name']]}"
            if reason["column_name"]
            else REASONS[reason["check_name"]]
            for reason in reasons
        )
        lines.append(f"  row {number:,}: {told}")
    if len(rows) > MOST_ROWS:
        lines.append(f"  ... and {len(rows) - MOST_ROWS:,} more rows")
    return lines


def _left_since(connection: duckdb.DuckDBPyConnection, delivery_id: str) -> list[str]:
    """What the delivery has lost since it came, in counts."""
    (erased,) = connection.execute(
        """
        select coalesce(sum(rows_erased + quarantined_erased), 0) from vault.ledger.erasures
        where delivery_id = ?
        """,
        [delivery_id],
    ).fetchone()
    retired = connection.execute(
        "select retired_at, kept_until from vault.ledger.retirements where delivery_id = ?", [delivery_id]
    ).fetchone()
    lines = [f"Erased: {erased:,} rows about persons who are not to be held"] if erased else []
    if retired:
        lines.append(f"Retired: on {retired[0]:%d %B %Y}; it was to be kept until {retired[1]:%d %B %Y}")
    return lines


def text(connection: duckdb.DuckDBPyConnection, delivery_id: str) -> str:
    """The report of one delivery, from the ledger. Row numbers and columns, never values."""
    row = connection.execute(
        """
        select file_name, source, supplier, verdict, rows_read, rows_accepted, rows_quarantined,
            period_start, period_end, published_on, published_on_basis, data_origin
        from vault.ledger.deliveries where delivery_id = ?
        """,
        [delivery_id],
    ).fetchone()
    (name, source, supplier, verdict, read, accepted, quarantined, start, end, published, basis, origin) = row
    lines = [f"Delivery {delivery_id}: {printable(name)}", VERDICTS[verdict], ""]
    if origin == "synthetic":
        lines.insert(1, "SYNTHETIC SAMPLE DATA")
    if source:
        lines.append(f"Read as: {source} ({supplier})")
    if start:
        lines.append(f"Period: {start:%d %B %Y} to {end:%d %B %Y}")
    words = {"given": "as given", "file": "from the file", "landed": "assumed: the day it was landed"}
    lines.append(f"Published: {published:%d %B %Y} ({words[basis]})")
    lines.append(f"Rows: {read:,} read, {accepted:,} accepted, {quarantined:,} set aside")
    lines += _left_since(connection, delivery_id)
    found = connection.execute(
        """
        select severity, message from vault.ledger.findings
        where delivery_id = ? and not is_passed order by check_name, column_name
        """,
        [delivery_id],
    ).fetchall()
    lines += ["", "What was found:" if found else "Nothing was found to be wrong.", *findings_lines(found)]
    if aside := _rows_set_aside(connection, delivery_id):
        lines += ["", "Rows set aside (row 1 is the heading):", *aside]
    return "\n".join(lines) + "\n"


def write(connection: duckdb.DuckDBPyConnection, home: Home, delivery_id: str) -> str:
    """Write the report into the home's reports; return its file name."""
    name = connection.execute(
        "select file_name from vault.ledger.deliveries where delivery_id = ?", [delivery_id]
    ).fetchone()[0]
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name)[:80]
    path = home.reports / f"{delivery_id}-{safe}.txt"
    path.write_text(text(connection, delivery_id), encoding="utf-8")
    path.chmod(0o600)
    return path.name
