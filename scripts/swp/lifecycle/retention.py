"""`swp retain`: what a contract lets us keep no longer leaves; that it came, and the counts, stay.

A delivery is kept for the months that its contract states, from the day on which it was published. A run that
is cut off has retired some deliveries whole and the others not; the same command goes on.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb

from swp import person_history, trail
from swp.contracts import load_contracts
from swp.errors import WrongUse
from swp.landing import archive, ledger
from swp.lifecycle import built
from swp.paths import Home
from swp.vault import quoted

# Counts stay, as aggregates. Scopes hold what areas and categories a file wrote, and quarantine whole rows.
_LEAVES = ("quarantine", "scopes")


@dataclass(frozen=True)
class Due:
    """A delivery whose retention has passed: kept until and with `kept_until`."""

    delivery_id: str
    source: str
    file_name: str
    published_on: date
    retention_months: int
    kept_until: date
    is_withdrawn: bool
    has_file: bool
    rows: int
    rows_quarantined: int


def due(connection: duckdb.DuckDBPyConnection, today: date) -> list[Due]:
    """The deliveries to retire as of `today`; a withdrawn one too, whose archived file is still there."""
    months = {
        contract.name: contract.retention_months
        for contract in load_contracts().values()
        if contract.retention_months is not None
    }
    passed = connection.execute(
        """
        select delivery_id, deliveries.source, file_name, published_on, months,
            cast(published_on + to_months(months) as date) as kept_until,
            delivery_id in (select delivery_id from vault.ledger.withdrawals),
            archived_as is not null
        from vault.ledger.deliveries
        inner join (select unnest($sources) as source, unnest($months)::integer as months) as contracts
            on deliveries.source = contracts.source
        where
            verdict <> 'rejected'
            and kept_until < $today
            and delivery_id not in (select delivery_id from vault.ledger.retirements)
        order by delivery_id
        """,
        {"sources": list(months), "months": list(months.values()), "today": today},
    ).fetchall()
    return [Due(*row, *_counts(connection, row[0], row[1])) for row in passed]


def _counts(connection: duckdb.DuckDBPyConnection, delivery_id: str, source: str) -> tuple[int, int]:
    return connection.execute(
        f"""
        select
            (select count(*) from vault.raw.{quoted(source)} where delivery_id = $id),
            (select count(*) from vault.ledger.quarantine where delivery_id = $id)
        """,
        {"id": delivery_id},
    ).fetchone()


def retain(
    connection: duckdb.DuckDBPyConnection, home: Home, *, today: date | None = None, dry_run: bool = False
) -> list[Due]:
    """Retire every delivery that is due, one transaction each; return them.

    The caller holds the run lock. `today` is the home's own day where it is not given. Raises WrongUse for
    another day without `dry_run`: what is not due yet is not removed.
    """
    own = ledger.as_of(connection)
    if today and today != own and not dry_run:
        raise WrongUse(f"--as-of looks ahead and changes nothing: give --dry-run with it (today is {own}).")
    found = due(connection, today or own)
    if dry_run:
        return found
    for each in found:
        _retire(connection, each)
    archive.sweep(connection, home)
    return found


def _retire(connection: duckdb.DuckDBPyConnection, gone: Due) -> None:
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    connection.execute("begin")
    try:
        tables = [f"raw.{quoted(gone.source)}", *(f"ledger.{name}" for name in _LEAVES)]
        for table in tables:
            connection.execute(f"delete from vault.{table} where delivery_id = ?", [gone.delivery_id])
        built.forget_delivery(connection, gone.delivery_id)
        person_history.forget_delivery(connection, gone.delivery_id)
        connection.execute(
            "update vault.ledger.deliveries set archived_as = null where delivery_id = ?", [gone.delivery_id]
        )
        connection.execute(
            "insert into vault.ledger.retirements values (?, ?, ?, ?, ?, ?, ?)",
            [
                gone.delivery_id,
                gone.source,
                now,
                gone.retention_months,
                gone.kept_until,
                gone.rows,
                gone.rows_quarantined,
            ],
        )
        trail.record(
            connection,
            "retain",
            delivery_ids=[gone.delivery_id],
            detail=f"{gone.source}: kept until {gone.kept_until}",
            rows=gone.rows,
            rows_set_aside=gone.rows_quarantined,
            files=int(gone.has_file),
        )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
