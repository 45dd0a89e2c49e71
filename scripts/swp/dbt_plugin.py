"""The dbt-duckdb plugin: run lock, extensions, vault. Plain `dbt build` and `dbt test` obey `swp`'s rules."""

from typing import Any, TextIO

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from swp import extensions, runlock, vault
from swp.errors import SwpError
from swp.paths import Home

# Held until the process ends; dbt may make the plugin several times in one process.
_lock: TextIO | None = None


class Plugin(BasePlugin):
    """Takes the run lock before the warehouse is opened and attaches the vault after."""

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
        except SwpError as error:
            raise DbtRuntimeError(str(error)) from None
