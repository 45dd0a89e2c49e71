"""`swp withdraw`: a wrong delivery leaves everything that models read; that it came stays on record."""

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from swp import trail
from swp.errors import WrongUse
from swp.landing import ledger
from swp.steward import deliveries
from swp.steward.deliveries import Delivery
from swp.vault import quoted

# What landing wrote for a delivery, besides its raw rows. Findings stay: its history, without values.
_LEAVES = ("quarantine", *ledger.PROFILE_TABLES)


@dataclass(frozen=True)
class Withdrawal:
    """What leaves: rows from raw and rows from quarantine. `done` is false where nothing was changed."""

    delivery: Delivery
    rows: int
    rows_quarantined: int
    done: bool


def withdraw(
    connection: duckdb.DuckDBPyConnection, delivery_id: str, reason: str, *, dry_run: bool = False
) -> Withdrawal:
    """Withdraw a delivery in one transaction; withdrawing it again changes nothing.

    Its ledger row, findings and archived file stay, and the same file can be landed again. Raises WrongUse
    where the delivery is not known, was rejected (nothing of it was loaded), or the reason is empty.
    """
    if not reason.strip():
        raise WrongUse("Say why the delivery is withdrawn: --reason 'sent for the wrong month'.")
    delivery = deliveries.find(connection, delivery_id)
    if delivery.verdict == "rejected":
        raise WrongUse(
            f"{delivery.id} was rejected: nothing of it was loaded, so there is nothing to withdraw."
        )
    rows, aside = _counts(connection, delivery)
    if dry_run or delivery.withdrawn:
        return Withdrawal(delivery, rows, aside, done=False)
    connection.execute("begin")
    try:
        connection.execute(
            f"delete from vault.raw.{quoted(delivery.source)} where delivery_id = ?", [delivery.id]
        )
        for table in _LEAVES:
            connection.execute(f"delete from vault.ledger.{table} where delivery_id = ?", [delivery.id])
        connection.execute(
            "insert into vault.ledger.withdrawals values (?, ?, ?, ?, ?, ?)",
            [
                delivery.id,
                delivery.source,
                reason.strip(),
                datetime.now(UTC).replace(tzinfo=None, microsecond=0),
                rows,
                aside,
            ],
        )
        trail.record(
            connection,
            "withdraw",
            delivery_ids=[delivery.id],
            detail=delivery.source,
            rows=rows,
            rows_set_aside=aside,
        )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return Withdrawal(deliveries.find(connection, delivery.id), rows, aside, done=True)


def _counts(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> tuple[int, int]:
    """Rows of the delivery in raw, and in quarantine."""
    return connection.execute(
        f"""
        select
            (select count(*) from vault.raw.{quoted(delivery.source)} where delivery_id = $id),
            (select count(*) from vault.ledger.quarantine where delivery_id = $id)
        """,
        {"id": delivery.id},
    ).fetchone()
