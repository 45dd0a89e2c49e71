"""Looking a delivery up in the ledger."""

import re
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from swp.errors import WrongUse


@dataclass(frozen=True)
class Withdrawn:
    """When and why a delivery was withdrawn."""

    at: datetime
    reason: str


@dataclass(frozen=True)
class Delivery:
    """One row of the ledger, as the steward's tools need it."""

    id: str
    source: str | None
    supplier: str | None
    file_name: str
    verdict: str
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_malformed: int
    period: tuple[date, date] | None
    published_on: date
    published_on_basis: str
    is_partial: bool
    data_origin: str | None
    landed_at: datetime
    withdrawn: Withdrawn | None

    @property
    def stem(self) -> str:
        """The name of its reports without the ending, as `swp.landing.report` makes it too."""
        return f"{self.id}-{re.sub(r'[^A-Za-z0-9._-]+', '_', self.file_name)[:80]}"


def find(connection: duckdb.DuckDBPyConnection, delivery_id: str) -> Delivery:
    """The delivery `delivery_id`; raises WrongUse where the ledger does not know it."""
    row = connection.execute(
        """
        select
            deliveries.delivery_id, deliveries.source, supplier, file_name, verdict, rows_read, rows_accepted,
            rows_quarantined, rows_malformed, period_start, period_end, published_on, published_on_basis,
            is_partial, data_origin, landed_at, withdrawn_at, reason
        from vault.ledger.deliveries
        left join vault.ledger.withdrawals on deliveries.delivery_id = withdrawals.delivery_id
        where deliveries.delivery_id = ?
        """,
        [delivery_id.upper()],
    ).fetchone()
    if row is None:
        raise WrongUse(f"There is no delivery '{delivery_id}'. 'swp status' lists them.")
    *start, first, last, published, basis, partial, origin, landed, withdrawn_at, reason = row
    return Delivery(
        *start,
        period=(first, last) if first else None,
        published_on=published,
        published_on_basis=basis,
        is_partial=partial,
        data_origin=origin,
        landed_at=landed,
        withdrawn=Withdrawn(withdrawn_at, reason) if withdrawn_at else None,
    )
