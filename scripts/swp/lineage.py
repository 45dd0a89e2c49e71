"""Where identifiers go: follows the contracts' sensitive columns through the compiled SQL of every model.

`python -m swp.lineage [manifest.json]` (default `target/manifest.json`, as `dbt compile` or a build leaves
it) exits 1 where a value of an identifier or free-text column reaches a model outside the vault, or where a
model's SQL cannot be followed.

A value is followed through whatever passes it on: aliases, `case` results, `coalesce`, text functions,
lists, aggregates, joins, unions. It ends in what does not tell it: a condition, a count, a keyed hash, a
difference of dates. What is not known to end it, passes it on. A column that holds less than the value on
purpose says so in its meta (`reduces_identifier: <what is left>`), is listed, and is followed no further.
"""

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope

from swp.contracts import load_contracts
from swp.paths import PROJECT
from swp.vault import raw_columns

SENSITIVE = ("identifier", "free_text")
REDUCED = "reduces_identifier"  # key of a column's meta
# Functions whose result does not tell the value. `person_hmac` is keyed (swp.dbt_plugin).
ENDS = (
    exp.Predicate,
    exp.Not,
    exp.And,
    exp.Or,
    exp.Count,
    exp.CountIf,
    exp.ApproxDistinct,
    exp.DateDiff,
    exp.Length,
)
ENDING_FUNCTIONS = (
    "person_hmac",
    "date_sub",
    "st_contains",
    "st_intersects",
    "st_within",
    "st_dwithin",
    "st_distance",
)

ANY = "*"  # stands for columns whose names cannot be told
Origins = frozenset[str]
Columns = dict[str, Origins]


@dataclass(frozen=True)
class Reached:
    """A column outside the vault that a sensitive column's value may reach."""

    model: str
    column: str
    origins: Origins
    reduced: str | None = None  # what is left of the value, where the column's meta says that it is reduced


@dataclass(frozen=True)
class Lineage:
    """What was followed, what reached the warehouse, and what could not be followed (model, why)."""

    models: int
    sensitive: int
    reached: tuple[Reached, ...]
    lost: tuple[tuple[str, str], ...]

    @property
    def leaks(self) -> list[Reached]:
        return [each for each in self.reached if not each.reduced]


def follow(manifest: Mapping[str, Any]) -> Lineage:
    """Follow sensitive columns through the models of a dbt manifest with compiled SQL."""
    known: dict[str, Columns] = {}
    for node in manifest["sources"].values():
        known[_place(node)] = {name: frozenset() for name in node["columns"]}
    known.update(_ledger())
    for contract in load_contracts().values():
        known[f"vault.raw.{contract.name}"] = _delivered(contract)
    sensitive = sum(bool(origins) for columns in known.values() for origins in columns.values())
    reached, lost, models = [], [], 0
    for node in _in_order(_told_outside(manifest["nodes"])):
        if node["resource_type"] == "seed":
            with (PROJECT / node["original_file_path"]).open(encoding="utf-8", newline="") as file:
                known[_place(node)] = {name.lower(): frozenset() for name in next(csv.reader(file))}
            continue
        models += 1
        place = _place(node)
        if _reads_nothing_sensitive(node, manifest["nodes"], known):
            known[place] = dict.fromkeys(node["columns"], frozenset())
            continue
        try:
            known[place] = _of_model(node, manifest, known)
        except (sqlglot.errors.SqlglotError, RecursionError, Lost) as error:
            lost.append((node["name"], str(error).splitlines()[0]))
            continue
        if node["database"] != "vault":
            for column, origins in list(known[place].items()):
                if origins:
                    reason = node["columns"].get(column, {}).get("config", {}).get("meta", {}).get(REDUCED)
                    reached.append(Reached(node["name"], column, origins, reason))
                    if reason:
                        known[place][column] = frozenset()
    return Lineage(models, sensitive, tuple(reached), tuple(lost))


class Lost(Exception):
    """A column whose source cannot be told."""


def _of_model(node: Mapping[str, Any], manifest: Mapping[str, Any], known: Mapping[str, Columns]) -> Columns:
    if node["language"] == "python":
        return _of_python(node, manifest, known)
    if not node.get("compiled_code"):
        raise Lost("it was not compiled")
    return columns_of(node["compiled_code"], known)


def _reads_nothing_sensitive(node: Mapping[str, Any], nodes, known: Mapping[str, Columns]) -> bool:
    """A model outside the vault all of whose parents are clean is clean, whatever its SQL does."""
    parents = [nodes.get(parent) for parent in node["depends_on"]["nodes"]]
    return node["database"] != "vault" and all(
        parent is not None
        and parent["database"] != "vault"
        and not _everything({"": known.get(_place(parent), {})})
        for parent in parents
    )


def columns_of(sql: str, known: Mapping[str, Columns]) -> Columns:
    """The columns that `sql` yields, each with the sensitive columns whose values it may hold."""
    # The parser takes a column called `force` for the word of an index hint.
    parsed = sqlglot.parse_one(re.sub(r"(?<![\w.\"'])force\b", '"force"', sql), dialect="duckdb")
    schema: dict[str, Any] = {}
    for table in parsed.find_all(exp.Table):
        if table.catalog and (columns := _relation(table, known)) is not None:
            named = schema.setdefault(table.catalog, {}).setdefault(table.db, {})
            named[table.name] = dict.fromkeys(columns, "varchar")
    if parsed.find(exp.Pivot):
        raise Lost("columns are made of values (pivot)")
    tree = qualify(
        parsed,
        dialect="duckdb",
        schema=schema,
        validate_qualify_columns=False,
        quote_identifiers=False,
    )
    results: dict[int, Columns] = {}
    columns: Columns = {}
    for scope in traverse_scope(tree):
        columns = _of_scope(scope, known, results)
        results[id(scope.expression)] = columns
    return columns


def _of_scope(scope: Scope, known: Mapping[str, Columns], results: dict[int, Columns]) -> Columns:
    expression = scope.expression
    if isinstance(expression, exp.SetOperation):
        left, right = (_result(side, results) for side in (expression.left, expression.right))
        if list(left) == list(right) or expression.args.get("by_name"):
            return {
                name: left.get(name, frozenset()) | right.get(name, frozenset()) for name in {**left, **right}
            }
        return {
            name: origins | other
            for (name, origins), other in zip(left.items(), right.values(), strict=False)
        }
    if not isinstance(expression, exp.Query):
        # An unnest in the `from` of a select: it may hold everything that it is given.
        return {ANY: _origins(expression, _sources(scope, known, results), results)}
    sources = _sources(scope, known, results)
    return {
        projection.alias_or_name.lower(): _origins(projection, sources, results)
        for projection in expression.selects
    }


class _Sources(dict[str, Columns]):
    """What a select can name: what it reads itself (`read`), and what stands around it."""

    read: frozenset[str] = frozenset()


def _sources(scope: Scope, known: Mapping[str, Columns], results: dict[int, Columns]) -> _Sources:
    sources = _Sources()
    sources.read = frozenset(scope.selected_sources)
    for name, source in scope.sources.items():
        if isinstance(source, Scope):
            found = results.get(id(source.expression))
            if found is None and isinstance(source.expression, exp.SetOperation):
                found = _result(source.expression.left, results)  # a recursive query reads itself
        elif isinstance(source.this, exp.Func):
            found = {ANY: _origins(source.this, sources, results)}
        else:
            found = _relation(source, known)
        # With `with recursive` every part of a query could read itself; what it does read is known by then.
        if found is not None:
            sources[name] = found
    return sources


def _result(query: exp.Expression, results: dict[int, Columns]) -> Columns:
    while isinstance(query, exp.Subquery | exp.Paren):
        query = query.this
    return results[id(query)]


def _relation(table: exp.Table, known: Mapping[str, Columns]) -> Columns | None:
    place = ".".join((table.catalog or "", table.db or "", table.name)).lower()
    return known.get(place)


def _origins(node: exp.Expression, sources: Mapping[str, Columns | None], results) -> Origins:
    """The sensitive columns that the value of `node` may hold."""
    if isinstance(node, exp.Column):
        return _of_column(node, sources)
    if isinstance(node, exp.Case):
        passing: Iterable = [branch.args["true"] for branch in node.args["ifs"]] + [node.args.get("default")]
    elif isinstance(node, exp.If):
        passing = [node.args.get("true"), node.args.get("false")]
    elif isinstance(node, exp.Window | exp.Filter | exp.Ordered | exp.WithinGroup | exp.ArgMax | exp.ArgMin):
        passing = [node.this]
    elif isinstance(node, exp.Query):
        return _everything({"": _result(node, results)})
    elif isinstance(node, exp.Star | exp.Columns | exp.TableColumn):
        return _everything(sources)
    elif isinstance(node, ENDS) or (
        isinstance(node, exp.Anonymous) and node.name.lower() in ENDING_FUNCTIONS
    ):
        return frozenset()
    else:
        passing = node.iter_expressions()
    return frozenset().union(*(_origins(each, sources, results) for each in passing if each is not None))


def _of_column(column: exp.Column, sources: Mapping[str, Columns]) -> Origins:
    name = column.name.lower()
    if column.table:
        if column.table not in sources:
            raise Lost(f"what '{column.table}' reads is not known")
        columns = sources[column.table]
        return columns[name] if name in columns else _everything({"": columns})
    if any(name in columns for columns in sources.values()):
        return frozenset().union(*(columns.get(name, frozenset()) for columns in sources.values()))
    within = column.find_ancestor(exp.Lambda)
    if within and name in (each.name.lower() for each in within.expressions):
        return frozenset()  # of the list, which is followed beside it
    # A whole row, columns by pattern, an alias of the same select: whatever is there.
    return _everything(sources)


def _everything(sources: Mapping[str, Columns]) -> Origins:
    read = getattr(sources, "read", None) or sources
    return frozenset().union(*(origins for name in read for origins in sources.get(name, {}).values()))


def _ledger() -> dict[str, Columns]:
    """The ledger's tables: they hold no delivered value but the row in `quarantine`."""
    text = Path(__file__).with_name("ledger.sql").read_text(encoding="utf-8")
    tables = {}
    for statement in sqlglot.parse(text, dialect="duckdb"):
        if isinstance(statement, exp.Create) and isinstance(statement.this, exp.Schema):
            defined = [each.name for each in statement.this.expressions if isinstance(each, exp.ColumnDef)]
            table = statement.this.this
            tables[f"vault.ledger.{table.name}"] = {
                name: frozenset({"quarantine.row_text"} if name == "row_text" else ()) for name in defined
            }
    return tables


def _delivered(contract) -> Columns:
    columns = {name.lower(): frozenset() for name, _ in raw_columns(contract)}
    for column in contract.columns:
        if column.sensitivity in SENSITIVE:
            columns[column.name] = frozenset({f"{contract.name}.{column.name}"})
    # Unexpected columns are taken for identifiers until somebody classifies them.
    columns["_extra"] = frozenset({f"{contract.name}._extra"})
    return columns


def _of_python(node: Mapping[str, Any], manifest, known: Mapping[str, Columns]) -> Columns:
    """A Python model passes on a column of the same name of what it reads."""
    read = [known.get(_place(manifest["nodes"][parent]), {}) for parent in node["depends_on"]["nodes"]]
    return {
        name: frozenset().union(*(columns.get(name, frozenset()) for columns in read))
        for name in node["columns"]
    }


def _place(node: Mapping[str, Any]) -> str:
    name = node.get("alias") or node.get("identifier") or node["name"]
    return f"{node['database']}.{node['schema']}.{name}".lower()


def _told_outside(nodes: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Seeds, models outside the vault, and the models that any of these is made from."""
    told: dict[str, Mapping[str, Any]] = {}

    def take(key: str) -> None:
        if key in nodes and key not in told:
            told[key] = nodes[key]
            for parent in nodes[key].get("depends_on", {}).get("nodes", ()):
                take(parent)

    for key, node in nodes.items():
        if node["resource_type"] == "seed" or (
            node["resource_type"] == "model" and node["database"] != "vault"
        ):
            take(key)
    return told


def _in_order(nodes: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Seeds and models, each after what it reads."""
    wanted = {key: node for key, node in nodes.items() if node["resource_type"] in ("model", "seed")}
    done: dict[str, Mapping[str, Any]] = {}

    def visit(key: str) -> None:
        if key in wanted and key not in done:
            for parent in wanted[key].get("depends_on", {}).get("nodes", ()):
                visit(parent)
            done[key] = wanted[key]

    for key in sorted(wanted):
        visit(key)
    return list(done.values())


def main(arguments: list[str] | None = None) -> int:
    """Follow the manifest; print what reaches the warehouse; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m swp.lineage", description=__doc__.split("\n")[0])
    parser.add_argument("manifest", nargs="?", type=Path, default=PROJECT / "target" / "manifest.json")
    manifest = json.loads(parser.parse_args(arguments).manifest.read_text(encoding="utf-8"))
    found = follow(manifest)
    print(f"Followed {found.sensitive} sensitive columns through {found.models} models.")
    for each in found.reached:
        holds = f"holds {each.reduced} of" if each.reduced else "may hold"
        print(f"  {each.model}.{each.column} {holds} {', '.join(sorted(each.origins))}")
    for model, why in found.lost:
        print(f"  {model} could not be followed: {why}")
    return 1 if found.leaks or found.lost else 0


if __name__ == "__main__":
    sys.exit(main())
