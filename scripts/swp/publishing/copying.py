"""The copy itself: tables and views of the warehouse as plain tables of another DuckDB file, and Parquet."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from swp import extensions
from swp.errors import SwpError
from swp.paths import Home
from swp.publishing.profiles import Profile
from swp.publishing.relation import Relation
from swp.vault import literal, quoted

FILE_NAME = "community_safety.duckdb"

Progress = Callable[[int, int, str], None]

# Their messages hold names and settings only; those of other errors may print a value of a row.
SAFE_TO_SHOW = (
    duckdb.CatalogException,
    duckdb.BinderException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
)
BEYOND_THE_WAREHOUSE = (duckdb.CatalogException, duckdb.BinderException, duckdb.PermissionException)


@dataclass(frozen=True)
class CopiedTable:
    """A table of a publication."""

    profile: str
    schema: str
    name: str
    rows: int
    comment: str | None


@contextmanager
def warehouse_reader(
    home: Home, building: Path, kept: Sequence[Path] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the warehouse attached read-only as `warehouse`, which writes below `building` only.

    Beside them it reads the files `kept`. No view can then bring in a file that lies outside the warehouse.
    Raises `SwpError` where the warehouse is absent, is no DuckDB file, or is open for writing.
    """
    if not home.warehouse.is_file():
        raise SwpError(f"There is no warehouse to publish ({home.warehouse}). Run 'swp build' first.")
    settings = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
        "temp_directory": str(home.scratch),
    }
    connection = duckdb.connect(config=settings)
    try:
        try:
            # The file's own name: views hold it as the name of their catalog.
            connection.execute(f"attach {literal(str(home.warehouse))} as warehouse (read_only)")
        except duckdb.Error as error:
            raise _cannot_attach(home, error) from None
        if _needs_spatial(connection):
            extensions.load(connection, "spatial")
        connection.execute(f"set allowed_directories = [{literal(str(building))}]")
        connection.execute(f"set allowed_paths = [{', '.join(literal(str(path)) for path in kept)}]")
        connection.execute("set enable_external_access = false")
        yield connection
    finally:
        connection.close()


def relations_of(connection: duckdb.DuckDBPyConnection, schemas: Sequence[str]) -> list[Relation]:
    """The tables and views of `schemas` by schema and name. Raises `SwpError` for a warehouse without any."""
    relations = _relations(connection, tuple(schemas))
    if (
        not relations
        and not connection.execute(
            "from duckdb_tables() where database_name = 'warehouse' limit 1"
        ).fetchone()
    ):
        raise SwpError("The warehouse holds no tables to publish. Run 'swp build' first.")
    return relations


def copy_profile(
    connection: duckdb.DuckDBPyConnection,
    profile: Profile,
    folder: Path,
    queries: dict[Relation, str],
    progress: Progress | None,
) -> list[CopiedTable]:
    """Write the DuckDB file and the Parquet files of `profile` into `folder`, in the order of `queries`.

    Every relation becomes a table of the rows of its query, with its comments and without constraints.
    Raises `SwpError` naming the relation that cannot be copied.
    """
    connection.execute(f"attach {literal(str(folder / FILE_NAME))} as community_safety")
    for schema in profile.schemas:
        connection.execute(f"create schema community_safety.{quoted(schema)}")
    copied = []
    for number, (relation, query) in enumerate(queries.items(), 1):
        if progress:
            progress(number, len(queries), f"{relation.schema}.{relation.name}")
        try:
            rows = _copy_table(connection, relation, query)
            if relation.schema in profile.parquet_schemas:
                _write_parquet(connection, relation, folder / "parquet" / relation.schema)
        except duckdb.Error as error:
            raise _cannot_copy(relation, error) from None
        copied.append(CopiedTable(profile.name, relation.schema, relation.name, rows, relation.comment))
    connection.execute("detach community_safety")
    return copied


def home_facts(connection: duckdb.DuckDBPyConnection) -> tuple[str | None, bool | None]:
    """The `as_of` date of quality.home and whether any delivery is synthetic; None for what is not known."""
    as_of = synthetic = None
    if _has_column(connection, "home", "as_of"):
        as_of = connection.execute("select max(as_of) from warehouse.quality.home").fetchone()[0]
    if _has_column(connection, "deliveries", "data_origin"):
        synthetic = connection.execute(
            "select coalesce(bool_or(data_origin = 'synthetic'), false) from warehouse.quality.deliveries"
        ).fetchone()[0]
    return as_of.isoformat() if isinstance(as_of, date) else as_of, synthetic


def _relations(connection: duckdb.DuckDBPyConnection, schemas: tuple[str, ...]) -> list[Relation]:
    # dbt leaves its __dbt_ tables behind when a build is killed between renaming and dropping.
    rows = connection.execute(
        """
        with relations as (
            select schema_name, table_name as name, table_oid as oid, false as is_view, comment
            from duckdb_tables() where database_name = 'warehouse'
            union all
            select schema_name, view_name, view_oid, true, comment
            from duckdb_views() where database_name = 'warehouse' and not internal
        )
        select
            relations.schema_name, relations.name, is_view, relations.comment,
            list((column_name, data_type, columns.comment) order by column_index)
                filter (where column_name is not null)
        from relations
        left join duckdb_columns() as columns
            on columns.database_name = 'warehouse'
            and columns.schema_name = relations.schema_name
            and columns.table_name = relations.name
        where list_contains($schemas, relations.schema_name)
            and not regexp_matches(relations.name, '__dbt_(tmp|backup)$')
        group by all
        order by relations.schema_name, relations.name
        """,
        {"schemas": list(schemas)},
    ).fetchall()
    return [Relation(*row[:4], tuple(row[4] or ())) for row in rows]


def _needs_spatial(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.execute(
        """
        select
            exists (from duckdb_columns() where database_name = 'warehouse' and data_type like 'GEOMETRY%')
            or exists (
                from duckdb_views()
                where database_name = 'warehouse' and regexp_matches(sql, '\\bst_[a-z]', 'i')
            )
        """
    ).fetchone()[0]


def _has_column(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    return connection.execute(
        """
        select exists (
            from duckdb_columns()
            where database_name = 'warehouse' and schema_name = 'quality'
                and table_name = $table and column_name = $column
        )
        """,
        {"table": table, "column": column},
    ).fetchone()[0]


def _copy_table(connection: duckdb.DuckDBPyConnection, relation: Relation, query: str) -> int:
    target = f"community_safety.{relation.path}"
    connection.begin()
    (rows,) = connection.execute(f"create table {target} as {query}").fetchone()
    if relation.comment is not None:
        connection.execute(f"comment on table {target} is {literal(relation.comment)}")
    kept = {column[0] for column in connection.execute(f"describe {target}").fetchall()}
    for name, _, comment in relation.columns:
        if comment is not None and name in kept:
            connection.execute(f"comment on column {target}.{quoted(name)} is {literal(comment)}")
    connection.commit()
    return rows


def _write_parquet(connection: duckdb.DuckDBPyConnection, relation: Relation, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = literal(str(folder / f"{relation.name}.parquet"))
    connection.execute(
        f"copy (select * from community_safety.{relation.path}) to {file} (format parquet, compression zstd)"
    )


def _cannot_attach(home: Home, error: duckdb.Error) -> SwpError:
    if "Conflicting lock" in str(error) or "Unique file handle conflict" in str(error):
        return SwpError(f"{home.warehouse} is being built; wait until that has finished, then publish again.")
    return SwpError(
        f"{home.warehouse} cannot be read ({_first_line(error)}). Run 'swp build', then publish again."
    )


def _cannot_copy(relation: Relation, error: duckdb.Error) -> SwpError:
    name = f"{relation.schema}.{relation.name}"
    unchanged = "Nothing was swapped: readers keep the publication that they had."
    if relation.is_view and isinstance(error, BEYOND_THE_WAREHOUSE):
        return SwpError(
            f"The view {name} cannot be published, because it does not work with the warehouse alone "
            f"({_first_line(error)}). Let it read the warehouse only, or make its model a table; then run "
            f"'swp build' and publish again. {unchanged}"
        )
    kind = "view" if relation.is_view else "table"
    why = _first_line(error) if isinstance(error, SAFE_TO_SHOW) else type(error).__name__
    return SwpError(f"The {kind} {name} could not be published ({why}). {unchanged}")


def _first_line(error: duckdb.Error) -> str:
    return str(error).strip().splitlines()[0]
