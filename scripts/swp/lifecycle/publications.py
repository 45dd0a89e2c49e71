"""Publications in the audit trail, and none that is older than what was erased or retired comes back."""

import json
from datetime import datetime

from swp import trail, vault
from swp.errors import SwpError
from swp.paths import Home
from swp.publishing import current, publications
from swp.publishing.folders import MANIFEST


def record(home: Home, publication_id: str, *, rolled_back: bool) -> None:
    """Write into the trail what readers get now; a home without a vault has no trail."""
    if home.vault.exists():
        with vault.opened(home) as connection:
            told = "rolled back to " if rolled_back else ""
            trail.record(connection, "publish", detail=f"{told}{publication_id}")


def refuse_stale(home: Home) -> None:
    """Raise SwpError where going back would show persons or deliveries that have left since."""
    now = current(home)
    before = [each for each in publications(home) if now and each.id < now.id]
    if not before or not home.vault.exists():
        return
    with vault.opened(home, read_only=True) as connection:
        (left,) = connection.execute("""
            select max(left_at) from (
                select max(erased_at) as left_at from vault.ledger.tombstones
                union all
                select max(retired_at) from vault.ledger.retirements
            )
        """).fetchone()
    manifest = json.loads((before[-1].folder / MANIFEST).read_text(encoding="utf-8"))
    published_at = datetime.fromisoformat(manifest["published_at"]).replace(tzinfo=None)
    if left and published_at <= left:
        raise SwpError(
            f"Publication {before[-1].id} holds persons or deliveries that were erased or retired since. "
            "Mend what is wrong and publish anew."
        )
