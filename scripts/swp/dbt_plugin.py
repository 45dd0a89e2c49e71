"""The dbt-duckdb plugin: run lock, extensions, vault, person keys. Plain `dbt build` obeys `swp`'s rules."""

import hashlib
import hmac
from typing import Any, TextIO

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from swp import extensions, keys, runlock, vault
from swp.errors import SwpError
from swp.paths import Home

# Held until the process ends; dbt may make the plugin several times in one process.
_lock: TextIO | None = None


class Plugin(BasePlugin):
    """Takes the run lock before the warehouse is opened; attaches the vault and gives `person_hmac` after."""

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
            register_person_hmac(conn, keys.key(Home.current(), "person"))
        except SwpError as error:
            raise DbtRuntimeError(str(error)) from None


def register_person_hmac(connection: DuckDBPyConnection, key: str) -> None:
    """Make the SQL function `person_hmac(text)`: HMAC-SHA256 under `key`, 64 hexadecimal digits."""
    secret = key.encode()

    def person_hmac(text: str) -> str:
        return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()

    connection.create_function("person_hmac", person_hmac, ["varchar"], "varchar")
