"""The dbt-duckdb plugin: run lock, extensions, vault, person keys. Plain `dbt build` obeys `swp`'s rules."""

from typing import Any, TextIO

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from swp import extensions, keys, published_observations, runlock, vault
from swp.errors import SwpError
from swp.paths import Home
from swp.person_hmac import register_person_hmac

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
