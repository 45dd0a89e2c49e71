"""The audit trail: who did what to the home, and when; never to whom.

An event is written in the transaction of what it tells, so that neither is there without the other. It names
deliveries, sources, gaps and counts, and no person, reference or value. Rows are only ever added, and each is
sealed with the one before it: a row that was changed, taken out or put in between breaks the chain.
"""

import hashlib
import json
import os
import pwd
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import duckdb


@dataclass(frozen=True)
class Event:
    """One thing that a command did; `counts` are rows, files or persons by name."""

    event_id: int
    recorded_at: datetime
    command: str
    actor: str
    delivery_ids: list[str]
    counts: dict[str, int]
    detail: str | None
    seal: str

    def sealed_after(self, before: str) -> str:
        """The seal that this event must have when `before` is that of the event before it."""
        told = {name: value for name, value in asdict(self).items() if name != "seal"}
        text = json.dumps([before, told], default=str, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def actor() -> str:
    """The account that runs this command, by the system and not by the environment, which anyone can set."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # an account without a name, as in containers
        return str(os.getuid())


def record(
    connection: duckdb.DuckDBPyConnection,
    command: str,
    *,
    delivery_ids: Sequence[str] = (),
    detail: str | None = None,
    **counts: int,
) -> None:
    """Add an event, inside the caller's transaction where there is one."""
    last, before = connection.execute(
        "select coalesce(max(event_id), 0), coalesce(max_by(seal, event_id), '') from vault.ledger.events"
    ).fetchone()
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    event = Event(last + 1, now, command, actor(), sorted(delivery_ids), counts, detail, "")
    connection.execute(
        """
        insert into vault.ledger.events values (
            ?, ?, ?, ?, cast(? as varchar[]), map(cast(? as varchar[]), cast(? as bigint[])), ?, ?
        )
        """,
        [
            event.event_id,
            event.recorded_at,
            event.command,
            event.actor,
            event.delivery_ids,
            list(counts),
            list(counts.values()),
            event.detail,
            event.sealed_after(before),
        ],
    )


def every(connection: duckdb.DuckDBPyConnection) -> list[Event]:
    """All events, the first one first."""
    rows = connection.execute("select * from vault.ledger.events order by event_id").fetchall()
    return [Event(*row) for row in rows]


def first_broken(events: Sequence[Event]) -> Event | None:
    """The first event whose seal does not follow from the one before it; None where all hold."""
    before = ""
    for event in events:
        if event.seal != event.sealed_after(before):
            return event
        before = event.seal
    return None


def tell(events: Sequence[Event], *, as_json: bool = False) -> None:
    """Print events: a line each for people, or one JSON object a line."""
    for event in events:
        if as_json:
            print(json.dumps(asdict(event), default=str, ensure_ascii=False))
            continue
        named = ", ".join(event.delivery_ids[:3])
        if len(event.delivery_ids) > 3:
            named += f" and {len(event.delivery_ids) - 3} more"
        counts = ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in event.counts.items())
        told = "; ".join(filter(None, (named, event.detail, counts)))
        when = f"{event.recorded_at:%Y-%m-%d %H:%M}"
        print(f"{event.event_id:>5}  {when}  {event.actor:12} {event.command:13} {told}")
    if not events and not as_json:
        print("The audit trail is empty.")
