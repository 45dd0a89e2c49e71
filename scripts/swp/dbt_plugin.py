"""The dbt-duckdb plugin: run lock, extensions, vault, person keys. Plain `dbt build` obeys `swp`'s rules."""

import hashlib
from typing import Any, TextIO

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from swp import extensions, keys, published_observations, runlock, vault
from swp.errors import SwpError
from swp.paths import Home

# Held until the process ends; dbt may make the plugin several times in one process.
_lock: TextIO | None = None


class Plugin(BasePlugin):
    """Takes the run lock before the warehouse opens; attaches the vault; gives each cursor `person_hmac`."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        global _lock
        if _lock is None:
            try:
                _lock = runlock.acquire(Home.current(), "dbt")
            except SwpError as error:
                raise DbtRuntimeError(str(error)) from None

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        try:
            extensions.load(conn, "spatial")
            vault.attach(conn, Home.current())
            published_observations.remember(conn, Home.current())
        except SwpError as error:
            raise DbtRuntimeError(str(error)) from None

    def configure_cursor(self, cursor: DuckDBPyConnection) -> None:
        try:
            register_person_hmac(cursor, keys.key(Home.current(), "person"))
        except SwpError as error:
            raise DbtRuntimeError(str(error)) from None


def register_person_hmac(connection: DuckDBPyConnection, key: str) -> None:
    """Make the SQL macro `person_hmac(text)`: HMAC-SHA256 (RFC 2104) under `key`, cut to 128 bits, in hex.

    In SQL, because a Python function takes three times as long a row. The key stays in variables of the
    session: neither the macro nor any compiled statement holds it.
    """
    secret = key.encode()
    block = (secret if len(secret) <= 64 else hashlib.sha256(secret).digest()).ljust(64, b"\0")
    for name, pad in (("person_key_inner", 0x36), ("person_key_outer", 0x5C)):
        connection.execute(f"set variable {name} = unhex('{bytes(byte ^ pad for byte in block).hex()}')")
    connection.execute(
        """
        create or replace temp macro person_hmac(message) as left(
            sha256(
                getvariable('person_key_outer')::blob
                || unhex(sha256(getvariable('person_key_inner')::blob || encode(message)))
            ),
            32
        )
        """
    )
