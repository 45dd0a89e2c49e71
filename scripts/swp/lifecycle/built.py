"""What was built from the raw rows and lies in the vault until the next build: it goes with them.

The warehouse holds no identifier, and is another file: it follows with the next `swp build`.
"""

from collections.abc import Iterator

import duckdb

from swp.vault import quoted

# Written by landing and not built, or rules.
_KEPT = ("raw", "ledger", "rules")
# Columns that name an agency's person by the key made of its reference.
_KEYS = ("own_key", "person_key_agency")


def forget_rows(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Delete from every built table the rows of `rows`, a relation with delivery_id and row_number."""
    for table, columns in _tables(connection):
        if {"delivery_id", "row_number"} <= columns:
            connection.execute(f"""
                delete from {table}
                where (delivery_id, row_number) in (select (delivery_id, row_number) from {rows})
            """)


def forget_persons(connection: duckdb.DuckDBPyConnection, keys: str) -> None:
    """Delete from every built table the rows of the agency's persons in `keys`, a relation with own_key."""
    for table, columns in _tables(connection):
        for column in columns & set(_KEYS):
            connection.execute(f"delete from {table} where {quoted(column)} in (select own_key from {keys})")


def forget_delivery(connection: duckdb.DuckDBPyConnection, delivery_id: str) -> None:
    """Delete from every built table the rows of one delivery."""
    for table, columns in _tables(connection):
        if "delivery_id" in columns:
            connection.execute(f"delete from {table} where delivery_id = ?", [delivery_id])


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, set[str]]]:
    found = connection.execute(
        """
        select tables.schema_name, tables.table_name, list(columns.column_name)
        from duckdb_tables() as tables
        inner join duckdb_columns() as columns
            on tables.table_oid = columns.table_oid and tables.database_oid = columns.database_oid
        where tables.database_name = 'vault' and not list_contains(?, tables.schema_name)
        group by all
        """,
        [list(_KEPT)],
    ).fetchall()
    for schema, table, columns in found:
        yield f"vault.{quoted(schema)}.{quoted(table)}", set(columns)
