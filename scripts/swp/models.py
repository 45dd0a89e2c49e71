"""Runs dbt models over the vault without dbt, for commands that cannot wait for a build.

A rule that a model states is then stated once: `swp status --due` runs the model that the delivery tests and
the gap register are built from. What a model reads is rendered as dbt renders it, down to the raw tables and
the ledger. Only models that read no seed can be run so: seeds are loaded by dbt.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import duckdb
import jinja2
import yaml

from swp.contracts import Column, Contract, load_contracts
from swp.errors import SwpError
from swp.paths import PROJECT
from swp.vault import quoted


@cache
def variables() -> dict[str, Any]:
    """The project's variables, as dbt_project.yml sets them."""
    return yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        extensions=["jinja2.ext.do"],
        undefined=jinja2.StrictUndefined,
    )


@cache
def _macro_names() -> frozenset[str]:
    """One public macro a file, of the same name."""
    return frozenset(path.stem for path in (PROJECT / "macros").glob("*.sql"))


def _with_macros(text: str, names: frozenset[str] = frozenset()) -> str:
    """`text` after the macros that it calls and those that they call; dbt has them all at hand."""
    called = frozenset(re.findall(r"\b(\w+)\s*\(", text)) & _macro_names() - names
    macros = [(PROJECT / "macros" / f"{name}.sql").read_text(encoding="utf-8") for name in sorted(called)]
    return _with_macros("".join([*macros, text]), names | called) if called else text


def with_macros(text: str, **context: Any) -> str:
    """`text`, SQL that calls the project's macros, as SQL; `context` is what it names besides."""
    return _environment().from_string(_with_macros(text)).render(**context)


def _column(column: Column) -> dict[str, Any]:
    meta = {
        name: getattr(column, name)
        for name in ("label", "type", "formats", "need", "range", "serves", "ask", "statutory")
    }
    return {"name": column.name, "config": {"meta": meta}}


def _source(contract: Contract) -> dict[str, Any]:
    columns = {column.name: _column(column) for column in contract.columns}
    if contract.pattern:
        columns[contract.pattern.column] = {"name": contract.pattern.column, "config": {"meta": {}}}
    return {"name": contract.name, "schema": "raw", "config": {"meta": contract.meta}, "columns": columns}


@cache
def _graph() -> dict[str, Any]:
    """The contracts as dbt shows them to macros."""
    return {"sources": {name: _source(contract) for name, contract in load_contracts().items()}}


class _Adapter:
    quote = staticmethod(quoted)


def _table(folder: str, table: str) -> str:
    return f"vault.{'ledger' if folder == 'ledger' else 'raw'}.{quoted(table)}"


def rendered(text: str, ref: Callable[[str], str]) -> str:
    """The SQL of a model's `text`, with what `ref` calls the models and seeds that it reads."""
    return (
        _environment()
        .from_string(_with_macros(text))
        .render(
            ref=ref,
            source=_table,
            var=variables().__getitem__,
            graph=_graph(),
            adapter=_Adapter,
            execute=True,
        )
    )


def make_view(connection: duckdb.DuckDBPyConnection, model: str) -> None:
    """Make the temp view `model`, and one for each model that it reads; `connection` has the vault.

    Writes nothing to the vault, which may be read-only. Raises SwpError where there is no such model.
    """
    _make_views(connection, model, set())


def _make_views(connection: duckdb.DuckDBPyConnection, model: str, made: set[str]) -> str:
    if model in made:
        return quoted(model)
    paths = list((PROJECT / "models").rglob(f"{model}.sql"))
    if not paths:
        raise SwpError(f"There is no model '{model}' under {PROJECT / 'models'}.")
    made.add(model)
    query = rendered(paths[0].read_text(encoding="utf-8"), lambda name: _make_views(connection, name, made))
    connection.execute(f"create or replace temp view {quoted(model)} as {query}")
    return quoted(model)
