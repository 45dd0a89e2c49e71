"""What was accepted is in raw, or was erased, retired or withdrawn: nothing leaves unseen."""

from dataclasses import dataclass

import duckdb

from swp.contracts import load_contracts
from swp.vault import quoted


@dataclass(frozen=True)
class Imbalance:
    """A delivery whose rows do not add up: `missing` accepted rows, `missing_aside` rows set aside."""

    delivery_id: str
    missing: int
    missing_aside: int


def imbalances(connection: duckdb.DuckDBPyConnection) -> list[Imbalance]:
    """The deliveries of which accepted <> in raw + erased + retired + withdrawn, or set aside likewise."""
    raw = " union all ".join(
        f"select delivery_id, count(*) as rows from vault.raw.{quoted(name)} group by delivery_id"
        for name in load_contracts()
    )
    rows = connection.execute(f"""
        with

        gone as (
            select delivery_id, rows_erased as rows, quarantined_erased as rows_aside
            from vault.ledger.erasures
            union all
            select delivery_id, rows_retired, quarantined_retired from vault.ledger.retirements
            union all
            select delivery_id, rows_withdrawn, quarantined_withdrawn from vault.ledger.withdrawals
            union all
            select delivery_id, rows, 0 from ({raw})
            union all
            select delivery_id, 0, count(*) from vault.ledger.quarantine group by delivery_id
        ),

        sums as (
            select delivery_id, sum(rows)::bigint as rows, sum(rows_aside)::bigint as rows_aside
            from gone
            group by delivery_id
        )

        select
            deliveries.delivery_id,
            deliveries.rows_accepted - coalesce(sums.rows, 0),
            deliveries.rows_quarantined - coalesce(sums.rows_aside, 0)
        from vault.ledger.deliveries
        left join sums on deliveries.delivery_id = sums.delivery_id
        where
            deliveries.rows_accepted <> coalesce(sums.rows, 0)
            or deliveries.rows_quarantined <> coalesce(sums.rows_aside, 0)
        order by deliveries.delivery_id
    """).fetchall()
    return [Imbalance(*row) for row in rows]
