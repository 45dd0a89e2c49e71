"""What partners owe: which delivery is due, late or broken, and the gaps that stand open.

The rule is written in the models int_sources__due and int_deliveries__received; here they are run over the
vault as it stands, so that what has just landed counts before the next build.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date

import duckdb

from swp import models
from swp.landing import ledger

# The states from worst to best, in a steward's words.
STATES = {
    "broken": "last file rejected",
    "missing": "nothing delivered",
    "overdue": "late",
    "months_missing": "months missing",
    "months_cut_short": "cut short",
    "publishers_missing": "publishers missing",
    "old": "too old",
    "due": "due",
    "received": "up to date",
}


@dataclass(frozen=True)
class Due:
    """One source: when its last period ended, when the next delivery is due, and what is open.

    `state` is a key of STATES. `broken`: the latest file was rejected; `due`: the next period is over and its
    due date is not. `gaps_open` counts gaps that fail (not registered, or expired), `gaps_registered` those
    that a register entry covers.
    """

    supplier: str
    source: str
    cadence: str
    last_period_end: date | None
    next_due: date | None
    state: str
    finding: str
    gaps_open: int
    gaps_registered: int


def due(connection: duckdb.DuckDBPyConnection) -> list[Due]:
    """A row per source that has a contract, by supplier, the worst state first; reads only.

    "Today" is the home's own date: the sample's, else the real one.
    """
    models.make_view(connection, "int_deliveries__received")
    gaps = {
        source: (failing, registered)
        for source, failing, registered in connection.execute("""
            select
                source,
                count(distinct field) filter (gap_state in ('open', 'expired')),
                count(distinct field) filter (gap_state = 'registered')
            from int_deliveries__received
            group by source
        """).fetchall()
    }
    # The view stands since the other one reads it.
    sources = connection.execute("""
        select
            supplier,
            source,
            cadence,
            last_period_end,
            next_due_on,
            case
                when rejected_delivery_id is not null then 'broken'
                when state = 'received' and is_due then 'due'
                else state
            end,
            concat_ws('; ', rejected_delivery_id || ' was rejected', finding)
        from int_sources__due
    """).fetchall()
    rows = [Due(*told, *gaps.get(told[1], (0, 0))) for told in sources]
    order = list(STATES)
    return sorted(rows, key=lambda row: (row.supplier, order.index(row.state), row.source))


def tell(connection: duckdb.DuckDBPyConnection, *, as_json: bool = False) -> None:
    """Print what is due, by partner; with `as_json` one object a source and line."""
    rows = due(connection)
    if as_json:
        for row in rows:
            print(json.dumps(asdict(row), default=str, ensure_ascii=False))
        return
    today = ledger.as_of(connection)
    counts = [f"{sum(row.state == state for row in rows)} {words}" for state, words in STATES.items()]
    print(f"What is due on {today:%d %B %Y}: {', '.join(told for told in counts if told[:2] != '0 ')}")
    supplier = None
    for row in rows:
        if row.supplier != supplier:
            supplier = row.supplier
            print(f"\n{supplier}")
        last = f"to {row.last_period_end:%d %b %Y}" if row.last_period_end else ""
        by = f"next due {row.next_due:%d %b %Y}" if row.next_due else ""
        gaps = f"open gaps: {row.gaps_open}" if row.gaps_open else ""
        known = f"registered gaps: {row.gaps_registered}" if row.gaps_registered else ""
        rest = ", ".join(filter(None, (gaps, known, row.finding)))
        print(f"  {STATES[row.state]:20}{row.source:34}{last:16}{by:22}{rest}".rstrip())
    unknown = connection.execute("""
        select count(*) from vault.ledger.deliveries where source is null and verdict = 'rejected'
    """).fetchone()[0]
    if unknown:
        print(f"\n{unknown} rejected files were not recognised as any source; see their reports.")
