"""DuckDB extensions from their wheels: nothing is downloaded."""

import importlib.resources
from pathlib import Path

import duckdb

from swp.errors import SwpError


def path_of(name: str) -> Path:
    """The file of extension `name` (spatial, excel, httpfs) inside its installed wheel."""
    try:
        folder = importlib.resources.files(f"duckdb_extension_{name}")
    except ModuleNotFoundError:
        raise SwpError(
            f"The DuckDB extension '{name}' is not installed. "
            "Run 'make setup' to install the locked packages."
        ) from None
    return Path(str(folder)) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"


def load(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Load the named extensions into `connection`."""
    for name in names:
        escaped = str(path_of(name)).replace("'", "''")
        connection.execute(f"load '{escaped}'")
