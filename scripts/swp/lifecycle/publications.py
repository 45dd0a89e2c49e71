"""Publications after persons or deliveries have left: in the trail, built anew, and never brought back."""

import json
import shutil
from datetime import UTC, datetime

import duckdb

from swp import trail, vault
from swp.errors import SwpError
from swp.paths import Home
from swp.publishing import current, publications
from swp.publishing.folders import MANIFEST, Publication


def record(home: Home, publication_id: str, *, rolled_back: bool) -> None:
    """Write into the trail what readers get now; a home without a vault has no trail."""
    if home.vault.exists():
        with vault.opened(home) as connection:
            told = "rolled back to " if rolled_back else ""
            trail.record(connection, "publish", detail=f"{told}{publication_id}")


def catch_up(home: Home) -> None:
    """Write into the trail what is published now, where a run was cut off before it said so.

    It opens the vault as `record` does: who may not is told before readers get anything new.
    """
    if not home.vault.exists():
        return
    now = current(home)
    with vault.opened(home) as connection:
        last = connection.execute("""
            select max_by(detail, event_id) from vault.ledger.events where command = 'publish'
        """).fetchone()[0]
        if now and not (last or "").endswith(now.id):
            trail.record(connection, "publish", detail=f"found published: {now.id}")


def check_built(home: Home) -> None:
    """Raise SwpError where the warehouse was built before the last erasure or retirement."""
    left = _last_left(home)
    if left and home.warehouse.exists() and _utc(home.warehouse.stat().st_mtime) < left:
        raise SwpError(
            "Persons were erased or deliveries retired since the warehouse was built, and it still holds "
            "them. Run 'swp build' first."
        )


def refuse_stale(home: Home) -> None:
    """Raise SwpError where going back would show persons or deliveries that have left since."""
    now = current(home)
    before = [each for each in publications(home) if now and each.id < now.id]
    left = _last_left(home)
    if before and left and _published_at(before[-1]) <= left:
        raise SwpError(
            f"Publication {before[-1].id} holds persons or deliveries that were erased or retired since. "
            "Mend what is wrong and publish anew."
        )


def forget(home: Home) -> list[str]:
    """Remove the rows about persons from kept publications that are older than what has left since.

    These are the tables of the internal profile. What disclosure control compares with, and the aggregates
    for partners and the public, stay. Returns the ids of the publications that lost them.
    """
    now, left = current(home), _last_left(home)
    stale = [
        each.folder / "internal"
        for each in publications(home)
        if left and now and each.id != now.id and _published_at(each) <= left
    ]
    emptied = []
    for folder in stale:
        files = [*folder.glob("*.duckdb"), *folder.glob("parquet")]
        for path in files:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if files:
            emptied.append(folder.parent.name)
    return emptied


def _last_left(home: Home) -> datetime | None:
    """When a person or a delivery left last (UTC), None where none has or there is no vault."""
    if not home.vault.exists():
        return None
    with vault.opened(home, read_only=True) as connection:
        try:
            return connection.execute("""
                select max(left_at) from (
                    select max(erased_at) as left_at from vault.ledger.tombstones
                    union all
                    select max(retired_at) from vault.ledger.retirements
                )
            """).fetchone()[0]
        except duckdb.CatalogException:  # a vault from before there were such tables: nobody has left it
            return None


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _published_at(publication: Publication) -> datetime:
    manifest = json.loads((publication.folder / MANIFEST).read_text(encoding="utf-8"))
    return datetime.fromisoformat(manifest["published_at"]).replace(tzinfo=None)
