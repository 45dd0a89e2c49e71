"""Runs a mart's own SQL over a few rows of core, in memory.

A golden file says the arithmetic, the rows that are given (`every` is of all, `n` repeats a row with {i} for
its number), the models of measures that they go through, and rows of the mart. Seeds are the project's own; a
table of core that is not given is empty, and a source that is given was delivered for both years.
"""

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from swp import models
from swp.contracts import seed_rows
from swp.paths import PROJECT
from swp.vault import quoted

FOLDER = Path(__file__).parent / "golden"
BOROUGH = "E09000033"
OWN_MODELS = ("dim_date", "dim_period", "dim_measure", "dim_definition")
GATHERED = {"base_cells": "base_cells_", "measures_all": "measures_"}
AREAS = [
    {"area_type": kind, "area_code": code, "geography_vintage": vintage, "area_name": area}
    for kind, code, vintage, area in (
        ("borough", BOROUGH, "2009", "Westminster"),
        ("ward", "W1", "2022", "Ward 1"),
        ("ward", "W2", "2022", "Ward 2"),
    )
]
USUAL = {"source_id": "S00", "data_origin": "partner", "as_at_date": "2023-10-15", "borough_code": BOROUGH}


def _read(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def contract_columns() -> dict[str, dict[str, str]]:
    """The columns of each table of core with their types, by its contract."""
    listed = [
        model
        for path in (PROJECT / "models" / "core").glob("*.yml")
        for model in _read(path).get("models", [])
    ]
    return {
        model["name"]: {
            column["name"]: column["data_type"]
            for column in model.get("columns", [])
            if "data_type" in column
        }
        for model in listed
    }


@cache
def seed_types() -> dict[str, dict[str, str]]:
    """The columns of each seed with their types."""
    return {
        seed["name"]: seed["config"]["column_types"]
        for path in (PROJECT / "seeds").glob("*.yml")
        for seed in _read(path)["seeds"]
    }


class Golden:
    """One golden file, with the mart that comes of it."""

    def __init__(self, path: Path):
        self.said = _read(path)
        self.recommendation = path.stem.upper()
        self.connection = duckdb.connect()
        self.connection.execute("create macro person_hmac(kind, text) as text")
        self.made: set[str] = set()

    def mart(self) -> list[dict[str, Any]]:
        """The rows of the mart."""
        (row,) = (
            row for row in seed_rows("recommendations") if row["recommendation_id"] == self.recommendation
        )
        found = self.connection.execute(f"select * from {self.table(row['mart_name'])}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, values, strict=True)) for values in found.fetchall()]

    def table(self, name: str) -> str:
        """The name of a table that a model reads, which is made where it is not there yet."""
        if name not in self.made:
            self.made.add(name)
            self._make(name)
        return quoted(name)

    def _make(self, name: str) -> None:
        if name in self.said["given"]:
            self._give(name, **self.said["given"][name])
        elif name in GATHERED:
            union = " union all by name ".join(f"from {self.table(part)}" for part in self._parts(name))
            self.connection.execute(f"create table {name} as {union}")
        elif (path := _model(name)) is not None:
            query = models.rendered(path.read_text(encoding="utf-8"), self.table)
            self.connection.execute(f"create table {name} as {query}")
        elif name == "dim_area":
            self._empty(name, dict.fromkeys(AREAS[0], "varchar") | {"is_partnership": "boolean"})
            self._insert(name, [row | {"is_partnership": True} for row in AREAS])
        elif name == "bridge_covered_months":
            self._cover()
        elif name in contract_columns():
            self._empty(name, contract_columns()[name])
        else:
            self._empty(name, seed_types()[name])
            self._insert(name, [{k: v or None for k, v in row.items()} for row in seed_rows(name)])

    def _parts(self, name: str) -> list[str]:
        """What the golden file's rows go through of the models that `name` gathers."""
        through = [step for step in self.said["through"] if step.startswith(GATHERED[name])]
        return [step for step in through if step != "base_cells_registers"] or ["base_cells_stops"]

    def _give(self, name: str, rows: list[dict], every: dict | None = None) -> None:
        types = contract_columns().get(name)
        usual = {column: value for column, value in USUAL.items() if types and column in types}
        made = []
        for row in rows:
            for number in range(1, row.get("n", 1) + 1):
                own_key = {next(iter(types)): f"{name} {len(made)}"} if types else {}
                cells = own_key | usual | (every or {}) | row
                cells.pop("n", None)
                made.append({column: _numbered(cell, number) for column, cell in cells.items()})
        self._empty(name, types or {column: _type(cell) for column, cell in made[0].items()})
        self._insert(name, made)

    def _empty(self, name: str, types: dict[str, str]) -> None:
        columns = ", ".join(f"{quoted(column)} {kind}" for column, kind in types.items())
        self.connection.execute(f"create table {quoted(name)} ({columns})")

    def _insert(self, name: str, rows: list[dict]) -> None:
        for row in rows:
            columns = ", ".join(quoted(column) for column in row)
            places = ", ".join("?" * len(row))
            self.connection.execute(
                f"insert into {quoted(name)} ({columns}) values ({places})", list(row.values())
            )

    def _cover(self) -> None:
        sources = {
            row.get("source") or table.get("every", {}).get("source")
            for table in self.said["given"].values()
            for row in table["rows"]
        }
        self.connection.execute(
            """
            create table bridge_covered_months as
            select unnest(?) as source, cast(month as date) as month
            from range(date '2021-10-01', date '2023-10-01', interval 1 month) as months (month)
            """,
            [sorted(sources - {None})],
        )


def _model(name: str) -> Path | None:
    """The file of a model that runs as it is: a mart, one of measures, or a list of core."""
    folders = ["measures", "marts/recommendations"] + (["core"] if name in OWN_MODELS else [])
    paths = [PROJECT / "models" / folder / f"{name}.sql" for folder in folders]
    return next((path for path in paths if path.exists()), None)


def _numbered(cell: Any, number: int) -> Any:
    return cell.format(i=number) if isinstance(cell, str) else cell


def _type(value: Any) -> str:
    kinds = {bool: "boolean", int: "bigint", float: "double"}
    return kinds.get(type(value), "date" if hasattr(value, "isoformat") else "varchar")
