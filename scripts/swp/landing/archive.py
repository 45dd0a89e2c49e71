"""The immutable archive: each landed file once, named by the hash of its content."""

import os
import shutil

import duckdb

from swp.paths import Home
from swp.reading import Member


def store(home: Home, member: Member, source: str) -> str:
    """Copy `member` into the archive; return its place relative to the archive.

    Safe to interrupt: the copy gets its name only when it is whole, and the same content gets the same name.
    """
    place = f"{source}/{member.content_sha256}.{member.format}"
    target = home.landed / place
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = target.with_name(f".{target.name}.partial")
        partial.unlink(missing_ok=True)
        with member.path.open("rb") as given, partial.open("xb") as copy:
            shutil.copyfileobj(given, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())
        partial.chmod(0o400)
        partial.rename(target)
    return place


def sweep(connection: duckdb.DuckDBPyConnection, home: Home) -> int:
    """Remove every archived file that the ledger does not name, halves of copies too; return how many.

    The caller holds the run lock. An interrupted landing leaves such a file too, and copies it again.
    """
    named = {
        place
        for (place,) in connection.execute(
            "select distinct archived_as from vault.ledger.deliveries where archived_as is not null"
        ).fetchall()
    }
    stray = [
        path
        for path in home.landed.rglob("*")
        if path.is_file() and path.relative_to(home.landed).as_posix() not in named
    ]
    for path in stray:
        path.unlink()
    return len(stray)
