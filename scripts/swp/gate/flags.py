"""What is said of each value of a file: found once, counted by the profile, looked up by the row faults."""

from dataclasses import dataclass

import duckdb

from swp.contracts import Column, Contract
from swp.gate import expressions as sql


@dataclass(frozen=True)
class Flags:
    """SQL conditions on temp table `flags`, of one column: is a value wanted in the row, and what of it."""

    applicable: str
    blank: str
    unparseable: str
    out_of_list: str


def of_columns(contract: Contract) -> dict[str, Flags]:
    """The flags by column name; one that is the same in every row is a constant and in no table."""
    return {column.name: _flags(column, place) for place, column in enumerate(contract.columns)}


def _flags(column: Column, place: int) -> Flags:
    return Flags(
        applicable=f"applicable_{place}" if column.blank_when else "true",
        blank=f"blank_{place}",
        unparseable=f"unparseable_{place}" if sql.has_form(column) else "false",
        out_of_list=f"out_of_list_{place}" if column.code_list else "false",
    )


def prepare(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Make temp table `flags` of temp table `delivered`: its row_number and the flags of its columns."""
    cleaned, flags = [], []
    for place, column in enumerate(contract.columns):
        cleaned.append(f"{sql.clean(contract, column)} as clean_{place}")
        names, value = _flags(column, place), f"clean_{place}"
        told = {
            names.applicable: f"not {sql.excused(column)}",
            names.blank: sql.is_blank(column, value),
            names.unparseable: sql.is_unparseable(column, value),
            names.out_of_list: sql.is_out_of_list(column, value),
        }
        flags += [
            f"{expression} as {name}" for name, expression in told.items() if name.endswith(f"_{place}")
        ]
    connection.execute(f"""
        create or replace temp table flags as
        select row_number, {", ".join(flags)} from (select *, {", ".join(cleaned)} from delivered)
    """)
