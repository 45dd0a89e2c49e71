"""Opening the vault: the encrypted database file that holds everything identifiable."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from swp import extensions, keys
from swp.contracts import Contract, load_contracts
from swp.errors import SwpError
from swp.paths import Home

_HERE = Path(__file__).resolve().parent


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def raw_columns(contract: Contract) -> list[tuple[str, str]]:
    """Name and type of the columns of a contract's raw table, in order."""
    columns = [("delivery_id", "varchar"), ("row_number", "bigint")]
    columns += [(column.name, "varchar") for column in contract.columns]
    if contract.pattern:
        columns.append((contract.pattern.column, "map(varchar, varchar)"))
    columns.append(("_extra", "map(varchar, varchar)"))
    return columns


# Space, tab, line ends, and the invisible ones that spreadsheets leave: no-break and zero-width space, BOM.
# They stand in the macro as they are: made there with chr(), they would be made again at each use.
BLANKS = " \t\n\r\u00a0\u200b\ufeff"


def _install(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the ledger, the casting rules and a raw table per contract, where they are not there yet."""
    ledger = (_HERE / "ledger.sql").read_text(encoding="utf-8")
    rules = (_HERE / "rules.sql").read_text(encoding="utf-8").replace(":blanks", literal(BLANKS))
    tables = {name: raw_columns(contract) for name, contract in sorted(load_contracts().items())}
    fingerprint = hashlib.sha256(repr((ledger, rules, tables)).encode()).hexdigest()
    known = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'vault' and table_name = 'installed'"
    ).fetchone()[0]
    if known and (fingerprint,) in connection.execute("select * from vault.ledger.installed").fetchall():
        return
    connection.execute("begin")
    connection.execute(ledger)
    connection.execute(rules)
    for name, columns in tables.items():
        definition = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns)
        connection.execute(f"create table if not exists vault.raw.{quoted(name)} ({definition})")
        for column, kind in columns:
            connection.execute(
                f"alter table vault.raw.{quoted(name)} add column if not exists {quoted(column)} {kind}"
            )
    connection.execute("delete from vault.ledger.installed")
    connection.execute("insert into vault.ledger.installed values (?)", [fingerprint])
    connection.execute("commit")


def attach(connection: duckdb.DuckDBPyConnection, home: Home, *, read_only: bool = False) -> None:
    """Attach the vault of `home` to `connection` as `vault`, making it where it is not there yet.

    Temporary files are encrypted too: a large sort would otherwise spill identifiable rows as plain text.
    Raises SwpError when the key does not fit or another process holds the file; the key is never shown.
    """
    _encrypt_temporary_files(connection, home.scratch)
    connection.execute("set timezone = 'UTC'")
    options = f"encryption_key {literal(keys.key(home, 'vault'))}"
    if read_only:
        options += ", read_only"
    try:
        connection.execute(f"attach {literal(str(home.vault))} as vault ({options})")
    except duckdb.Error as error:
        text = str(error).lower()
        if "could not set lock" in text or "conflicting lock" in text:
            raise SwpError(
                f"The vault {home.vault} is in use by another process; wait until it ends."
            ) from None
        if "permission denied" in text or "read-only file system" in text:
            raise SwpError(
                f"The vault {home.vault} may not be used by this account: mend its permissions. "
                "Nothing was changed."
            ) from None
        if "encrypt" in text or "key" in text or "cipher" in text:
            raise SwpError(
                f"The vault {home.vault} does not open with this key. Put back the key that it was made with "
                f"(environment variable {keys.ENVIRONMENT['vault']}, or the key file of this home). "
                "Nothing was changed."
            ) from None
        raise SwpError(
            f"The vault {home.vault} cannot be opened: it is damaged or not a DuckDB file."
        ) from None
    if not read_only:
        home.vault.chmod(0o600)
        _install(connection)


def _encrypt_temporary_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    extensions.load(connection, "httpfs")
    connection.execute("set temp_file_encryption = true")
    connection.execute(f"set temp_directory = {literal(str(folder))}")


@contextmanager
def in_memory(scratch: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with an empty vault in memory, for looking at files before there is a home.

    What does not fit into memory goes to `scratch`, encrypted; without one it is an error.
    """
    connection = duckdb.connect()
    try:
        if scratch:
            _encrypt_temporary_files(connection, scratch)
        else:
            connection.execute("set temp_directory = ''")
        connection.execute("set timezone = 'UTC'")
        connection.execute("attach ':memory:' as vault")
        _install(connection)
        yield connection
    finally:
        connection.close()


@contextmanager
def opened(home: Home, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the vault of `home` attached, closed at the end of the `with` block."""
    connection = duckdb.connect()
    try:
        attach(connection, home, read_only=read_only)
        yield connection
    finally:
        connection.close()
