"""`swp gap`: the register of fields and periods that a supplier does not deliver, and its history."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

import duckdb

from swp import trail
from swp.contracts import Contract, contract_named, normalise_heading
from swp.errors import WrongUse
from swp.landing import ledger

# The name under which the register keeps a gap of the source's months as a whole.
PERIOD = "(period)"
_COLUMNS = "gap_id, source, column_name, owner, reason, asked_on, expires_on"


@dataclass(frozen=True)
class Gap:
    """One registered gap. `state` is registered, expired or closed; `age_days` counts from asking."""

    gap_id: str
    source: str
    field: str
    owner: str
    reason: str
    asked_on: date
    expires_on: date
    state: str
    age_days: int
    closed_on: date | None = None


def _field(contract: Contract, field: str) -> str:
    """The register's name for `field`: a column by its name or the supplier's heading, or the period."""
    wanted = normalise_heading(field)
    if wanted == "period":
        return PERIOD
    column = next((each for each in contract.columns if field == each.name), None) or next(
        (
            each
            for each in contract.columns
            if wanted in (normalise_heading(each.name), normalise_heading(each.label))
        ),
        None,
    )
    if column is None:
        known = ", ".join(each.name for each in contract.columns)
        raise WrongUse(
            f"{contract.name} has no field '{field}'. Its fields: {known}; or 'period' for missing months."
        )
    if column.need == "key":
        raise WrongUse(
            f"'{column.label}' identifies the rows of {contract.name}: a file without it is never taken, "
            "so no gap can be registered for it."
        )
    if column.need == "optional":
        raise WrongUse(
            f"'{column.label}' of {contract.name} is optional: nothing fails without it, so it needs no gap."
        )
    return column.name


def _text(name: str, value: str) -> str:
    if not value.strip():
        raise WrongUse(f"--{name} is empty.")
    return value.strip()


def _check_dates(asked_on: date, expires_on: date, today: date) -> None:
    if asked_on > today:
        raise WrongUse(f"--asked-on {asked_on} lies after today ({today}): ask the supplier first.")
    if expires_on <= asked_on:
        raise WrongUse(f"--expires-on {expires_on} must lie after the day of asking, {asked_on}.")
    if expires_on < today:
        raise WrongUse(f"--expires-on {expires_on} is past (today is {today}): the gap would fail at once.")


def _record(connection: duckdb.DuckDBPyConnection, event: str, gap_id: str, reason: str) -> None:
    """Write the gap as it stands now, with what happened to it and why, into the history."""
    connection.execute(
        """
        insert into vault.ledger.gap_events
        select gap_id, ?, ?, source, column_name, owner, ?, asked_on, expires_on
        from vault.ledger.gaps
        where gap_id = ?
        """,
        [event, datetime.now(UTC).replace(tzinfo=None, microsecond=0), reason, gap_id],
    )
    trail.record(connection, "gap", detail=f"{gap_id} {event}")


def _next_id(connection: duckdb.DuckDBPyConnection) -> str:
    """An id that no gap has had, closed ones included."""
    last = connection.execute("""
        select coalesce(max(try_cast(substr(gap_id, 2) as integer)), 0)
        from (select gap_id from vault.ledger.gaps union all select gap_id from vault.ledger.gap_events)
        where gap_id like 'G%'
    """).fetchone()[0]
    return f"G{last + 1:03d}"


def _one(connection: duckdb.DuckDBPyConnection, gap_id: str) -> Gap:
    known = every(connection)
    found = next((gap for gap in known if gap.gap_id == gap_id.upper()), None)
    if found is None:
        closed = any(gap.gap_id == gap_id.upper() for gap in every(connection, with_closed=True))
        told = "is closed" if closed else "is not in the register"
        raise WrongUse(f"The gap '{gap_id}' {told}. 'swp gap list' shows the open ones.")
    return found


def _run(connection: duckdb.DuckDBPyConnection, *steps) -> None:
    connection.execute("begin")
    try:
        for step in steps:
            step()
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def add(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    field: str,
    *,
    owner: str,
    reason: str,
    asked_on: date,
    expires_on: date,
) -> Gap:
    """Register a gap of one source's field (or `period`); return it with its new id.

    Raises WrongUse: unknown source or field, a field that needs no gap, a gap that is registered already,
    an empty owner or reason, dates in the wrong order.
    """
    contract = contract_named(source)
    name = _field(contract, field)
    values = [source, name, _text("owner", owner), _text("reason", reason), asked_on, expires_on]
    _check_dates(asked_on, expires_on, ledger.as_of(connection))
    for gap in every(connection):
        if (gap.source, gap.field) == (source, name):
            raise WrongUse(
                f"{gap.gap_id} is this gap already, until {gap.expires_on}. "
                f"Use: swp gap renew {gap.gap_id} --expires-on YYYY-MM-DD --reason TEXT"
            )
    gap_id = _next_id(connection)
    _run(
        connection,
        lambda: connection.execute(
            "insert into vault.ledger.gaps values (?, ?, ?, ?, ?, ?, ?)", [gap_id, *values]
        ),
        lambda: _record(connection, "registered", gap_id, values[3]),
    )
    return _one(connection, gap_id)


def renew(connection: duckdb.DuckDBPyConnection, gap_id: str, *, expires_on: date, reason: str) -> Gap:
    """Give a gap more time; the day of asking stays, so that its age stays true. Raises WrongUse."""
    gap = _one(connection, gap_id)
    why = _text("reason", reason)
    _check_dates(gap.asked_on, expires_on, ledger.as_of(connection))
    _run(
        connection,
        lambda: connection.execute(
            "update vault.ledger.gaps set expires_on = ?, reason = ? where gap_id = ?",
            [expires_on, why, gap.gap_id],
        ),
        lambda: _record(connection, "renewed", gap.gap_id, why),
    )
    return _one(connection, gap.gap_id)


def close(connection: duckdb.DuckDBPyConnection, gap_id: str, *, reason: str = "closed") -> Gap:
    """Take a gap out of the register; its history stays. Raises WrongUse where it is not open."""
    gap = _one(connection, gap_id)
    _run(
        connection,
        lambda: _record(connection, "closed", gap.gap_id, _text("reason", reason)),
        lambda: connection.execute("delete from vault.ledger.gaps where gap_id = ?", [gap.gap_id]),
    )
    return next(each for each in every(connection, with_closed=True) if each.gap_id == gap.gap_id)


def every(connection: duckdb.DuckDBPyConnection, *, with_closed: bool = False) -> list[Gap]:
    """The gaps of the register by source and field; with `with_closed` those that were closed too."""
    today = ledger.as_of(connection)
    rows = connection.execute(f"select {_COLUMNS}, null from vault.ledger.gaps").fetchall()
    if with_closed:
        rows += connection.execute(f"""
            select {_COLUMNS}, recorded_at::date from vault.ledger.gap_events where event = 'closed'
        """).fetchall()
    found = []
    for *values, closed_on in rows:
        asked_on, expires_on = values[5], values[6]
        state = "closed" if closed_on else "expired" if expires_on < today else "registered"
        age_days = ((closed_on or today) - asked_on).days
        found.append(Gap(*values, state=state, age_days=age_days, closed_on=closed_on))
    return sorted(found, key=lambda gap: (gap.source, gap.field, gap.gap_id))


def tell(gaps: list[Gap], *, as_json: bool = False) -> None:
    """Print gaps: a line each for people, or one JSON object a line."""
    if as_json:
        for gap in gaps:
            print(json.dumps(asdict(gap), default=str, ensure_ascii=False))
        return
    if not gaps:
        print("The gap register is empty.")
        return
    print(f"{'id':6}{'state':12}{'source':32}{'field':28}{'asked on':12}{'expires on':12}{'days':>5}  owner")
    for gap in gaps:
        print(
            f"{gap.gap_id:6}{gap.state:12}{gap.source:32}{gap.field:28}{gap.asked_on!s:12}"
            f"{gap.expires_on!s:12}{gap.age_days:>5}  {gap.owner}"
        )
        print(f"{'':18}{gap.reason}")
