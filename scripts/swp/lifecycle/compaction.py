"""The vault written anew: in a database file, a deleted row's bytes stay until something overwrites them."""

import os

import duckdb

from swp import keys, vault
from swp.errors import SwpError
from swp.paths import Home
from swp.vault import literal


def compact(home: Home) -> None:
    """Copy what the vault holds into a new encrypted file and put that in its place.

    The caller holds the run lock and has closed the vault. Interrupted, it leaves the vault as it was, and a
    copy in scratch that the next run removes. Raises SwpError where the copy cannot be written.
    """
    fresh = home.scratch / home.vault.name
    fresh.unlink(missing_ok=True)
    try:
        with vault.opened(home) as connection:
            # Nothing may be left beside the file, or it would be read into the new one.
            connection.execute("checkpoint vault")
            connection.execute(
                f"attach {literal(str(fresh))} as fresh (encryption_key {literal(keys.key(home, 'vault'))})"
            )
            connection.execute("copy from database vault to fresh")
            connection.execute("detach fresh")
    except duckdb.Error:
        fresh.unlink(missing_ok=True)
        raise SwpError(
            "What had to leave has left, but the vault could not be written anew: its file may still hold "
            "the bytes. See that the disk has room for a copy of it, and run the same command again."
        ) from None
    fresh.chmod(home.vault.stat().st_mode & 0o777)
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(fresh, home.vault)
