"""The copy itself: tables and views of the warehouse as plain tables of another DuckDB file, and Parquet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from swp import extensions
from swp.errors import SwpError
from swp.paths import Home
from swp.publishing.profiles import Profile

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
class Relation:
    """A table or view of the warehouse, with its columns in order: (name, type, comment)."""

    schema: str
    name: str
    is_view: bool
    comment: str | None
    columns: tuple[tuple[str, str, str | None], ...]

    @property
    def path(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.name)}"


@dataclass(frozen=True)
class CopiedTable:
    """A table of a publication."""

    profile: str
    schema: str
    name: str
    rows: int
    comment: str | None


@contextmanager
def warehouse_reader(home: Home, building: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the warehouse attached read-only as `warehouse`, which writes below `building` only.

    No view can then bring in a file that lies outside the warehouse. Raises `SwpError` where the
    warehouse is absent, is no DuckDB file, or is open for writing.
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
        connection.execute("set enable_external_access = false")
        yield connection
    finally:
        connection.close()


def copy_profile(
    connection: duckdb.DuckDBPyConnection, profile: Profile, folder: Path, progress: Progress | None
) -> list[CopiedTable]:
    """Write the DuckDB file and the Parquet files of `profile` into `folder`, ordered by schema and name.

    Every relation becomes a table with its comments, without constraints; geometry becomes GeoJSON text.
    Raises `SwpError` naming the relation that cannot be copied, or where there is none.
    """
    relations = _relations(connection, profile.schemas)
    if not relations:
        raise SwpError("The warehouse holds no tables to publish. Run 'swp build' first.")
    connection.execute(f"attach {literal(str(folder / FILE_NAME))} as community_safety")
    for schema in profile.schemas:
        connection.execute(f"create schema community_safety.{quoted(schema)}")
    copied = []
    for number, relation in enumerate(relations, 1):
        if progress:
            progress(number, len(relations), f"{relation.schema}.{relation.name}")
        try:
            rows = _copy_table(connection, relation)
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


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """`text` as an SQL literal."""
    return "null" if text is None else "'" + text.replace("'", "''") + "'"


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


def _copy_table(connection: duckdb.DuckDBPyConnection, relation: Relation) -> int:
    target = f"community_safety.{relation.path}"
    columns = ", ".join(
        f"st_asgeojson({quoted(name)})::varchar as {quoted(name)}"
        if kind.startswith("GEOMETRY")
        else quoted(name)
        for name, kind, _ in relation.columns
    )
    connection.begin()
    (rows,) = connection.execute(
        f"create table {target} as select {columns} from warehouse.{relation.path}"
    ).fetchone()
    if relation.comment is not None:
        connection.execute(f"comment on table {target} is {literal(relation.comment)}")
    for name, _, comment in relation.columns:
        if comment is not None:
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
