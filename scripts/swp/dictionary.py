"""The data dictionary of a publication: one page, searchable by our names and by the suppliers' labels.

What is published (tables, columns, types, descriptions) is read from the published file itself, what was
asked of partners from the contracts, and what rests on what from dbt's manifest, which a build leaves behind.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import jinja2

from swp.contracts import Column, Contract, load_contracts, seed_rows
from swp.paths import PROJECT

FILE_NAME = "data_dictionary.html"
_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Described:
    """A published column, and the delivered fields of the same name that it can rest on."""

    name: str
    type: str
    description: str
    delivered: tuple[tuple[Contract, Column], ...]


@dataclass(frozen=True)
class Table:
    """A published table; `reads` and `read_by` name published tables, `deliveries` contracts."""

    schema: str
    name: str
    description: str
    recommendations: tuple[str, ...]
    columns: tuple[Described, ...]
    reads: tuple[str, ...]
    read_by: tuple[str, ...]
    deliveries: tuple[str, ...]


def write(database: Path, profile: str, lineage: dict[str, tuple[str, ...]] | None = None) -> Path:
    """Write the dictionary of a published DuckDB file beside it, and return its path.

    `lineage` gives what each model reads; by default that of the last build, and none where there was none.
    """
    lineage = built_lineage() if lineage is None else lineage
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    page = database.with_name(FILE_NAME)
    text = environment.get_template("data_dictionary.html.j2").render(
        profile=profile,
        tables=_tables(database, lineage),
        contracts=sorted(load_contracts().values(), key=lambda contract: (contract.supplier, contract.name)),
        has_lineage=bool(lineage),
        recommendations={row["recommendation_id"]: row["short_name"] for row in seed_rows("recommendations")},
    )
    page.write_text(text, encoding="utf-8")
    return page


def built_lineage() -> dict[str, tuple[str, ...]]:
    """What each model reads, from the manifest of the last build; empty where there is none."""
    manifest = Path(os.environ.get("DBT_TARGET_PATH") or PROJECT / "target") / "manifest.json"
    if not manifest.is_file():
        return {}
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return {
        node["name"]: tuple(sorted(filter(None, map(_named, node["depends_on"]["nodes"]))))
        for node in nodes
        if node["resource_type"] == "model"
    }


def _named(node_id: str) -> str | None:
    """The name of a model, seed or contract; None for tables of the ledger, whose names models repeat."""
    kind, name = node_id.split(".")[0], node_id.rsplit(".", 1)[-1]
    return name if kind != "source" or name in load_contracts() else None


def _tables(database: Path, lineage: dict[str, tuple[str, ...]]) -> list[Table]:
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            """
            select
                schema_name, table_name, coalesce(tables.comment, ''),
                list((column_name, data_type, coalesce(columns.comment, '')) order by column_index)
            from duckdb_tables() as tables
            inner join duckdb_columns() as columns using (database_name, schema_name, table_name)
            group by schema_name, table_name, tables.comment
            order by
                list_position(['marts', 'measures', 'core', 'reference', 'quality'], schema_name), table_name
            """
        ).fetchall()
    published = {f"{schema}.{name}" for schema, name, *_ in rows}
    path_of = {path.split(".")[1]: path for path in published}
    readers: dict[str, set[str]] = {}
    for name, parents in lineage.items():
        for parent in parents:
            readers.setdefault(parent, set()).add(name)

    @cache
    def ancestors(name: str) -> frozenset[str]:
        near = lineage.get(name, ())
        return frozenset(near).union(*(ancestors(parent) for parent in near))

    def shown(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(path_of[name] for name in names if name in path_of))

    found = []
    for schema, name, description, columns in rows:
        contracts = [load_contracts()[each] for each in sorted(ancestors(name)) if each in load_contracts()]
        found.append(
            Table(
                schema=schema,
                name=name,
                description=description,
                recommendations=_recommendations(name),
                columns=tuple(_described(column, contracts) for column in columns),
                reads=shown(lineage.get(name, ())),
                read_by=shown(readers.get(name, ())),
                deliveries=tuple(contract.name for contract in contracts),
            )
        )
    return found


def _described(column: tuple[str, str, str], contracts: list[Contract]) -> Described:
    name, kind, description = column
    delivered = tuple(
        (contract, contract.by_name[name]) for contract in contracts if name in contract.by_name
    )
    return Described(name, kind, description, delivered)


def _recommendations(table: str) -> tuple[str, ...]:
    """The recommendation that a mart or its wide view answers."""
    slug = table.partition("_")[2]
    return tuple(
        row["recommendation_id"]
        for row in seed_rows("recommendations")
        if slug == row["mart_name"].partition("_")[2]
    )
