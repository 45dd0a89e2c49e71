"""`swp handback`: an agency's own references of those who stand on a restricted list, for that agency alone.

A list holds keys, which say nothing to anybody. Here the agency's delivered references are keyed in the same
way, and those that the list names are written: nothing of another agency's, and no more of the list than
which rule put the person there and since when. Only contracts that state a lawful ground take part.
"""

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from swp import trail
from swp.contracts import Contract, PersonReference, load_contracts
from swp.errors import SwpError, WrongUse
from swp.gate import expressions as sql
from swp.lifecycle import tombstones
from swp.paths import PROJECT, Home
from swp.vault import literal, quoted

# What of a list may be told beside the reference, where the list has it.
TOLD = ("as_of_date", "rule", "threshold_met_date")


@dataclass(frozen=True)
class Handback:
    """What was written, or would be: references, entries of the list for the agency, those without one."""

    path: Path
    grounds: tuple[str, ...]
    references: int
    entries: int
    entries_without: int
    done: bool


def handback(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    name: str,
    agency: str,
    *,
    output: Path | None = None,
    dry_run: bool = False,
) -> Handback:
    """Write the references of `agency` for the list `name` as CSV, readable by its owner only.

    The default file lies in the home folder of the account. Writing again replaces it. Raises WrongUse: no
    such list or agency, no contract of the agency that allows it, a file inside the repository or SWP_HOME.
    """
    tombstones.check_agency(connection, agency)
    contracts = _allowing(agency)
    columns = _attach_list(connection, home, name)
    path = _place(home, output or Path.home() / f"{name}_{agency}.csv")
    tombstones.prepare(connection, home)
    _find(connection, name, agency, columns, contracts)
    told = [column for column in TOLD if column in columns]
    rows = connection.execute(f"""
        select distinct reference, {", ".join(told) or "null"} from handed_back
        where reference is not null order by all
    """).fetchall()
    entries, without = connection.execute("""
        select count(distinct entry), count(distinct entry) filter (reference is null) from handed_back
    """).fetchone()
    grounds = tuple(sorted({contract.handback for contract in contracts}))
    result = Handback(path, grounds, len(rows), entries, without, done=not dry_run)
    if not dry_run:
        # On record first: a list that left without a trace is worse than a trace of one that did not.
        trail.record(
            connection, "handback", detail=f"{name} to {agency}", references=len(rows), entries=entries
        )
        _write(path, ["reference", *told], ([row[0], *row[1 : len(told) + 1]] for row in rows))
    return result


def _allowing(agency: str) -> list[Contract]:
    """The contracts that hold references of `agency` and allow to hand them back."""
    holding = [
        contract
        for contract in load_contracts().values()
        if any(each.named_in or each.agency == agency for each in contract.person_references)
    ]
    named = [each for each in holding if any(ref.agency == agency for ref in each.person_references)]
    allowing = [contract for contract in named or holding if contract.handback]
    if not allowing:
        raise WrongUse(
            f"No contract of '{agency}' allows to hand references back. One that does states the lawful "
            "ground under 'handback' in its meta."
        )
    return allowing


def _attach_list(connection: duckdb.DuckDBPyConnection, home: Home, name: str) -> set[str]:
    """Attach the built warehouse; return the columns of the list."""
    if not home.warehouse.exists():
        raise SwpError("Nothing is built yet, so there is no list. Run 'swp build'.")
    connection.execute(f"attach if not exists {literal(str(home.warehouse))} as warehouse (read_only)")
    tables: dict[str, set[str]] = {}
    for table, column in connection.execute("""
        select table_name, column_name from duckdb_columns()
        where database_name = 'warehouse' and schema_name = 'marts' and table_name like 'list\\_%' escape '\\'
    """).fetchall():
        tables.setdefault(table, set()).add(column)
    if name not in tables:
        known = ", ".join(sorted(tables)) or "none is built"
        raise WrongUse(f"There is no restricted list '{name}'. Lists: {known}.")
    return tables[name]


def _place(home: Home, path: Path) -> Path:
    path = path.expanduser().absolute()
    for folder, what in ((PROJECT, "the repository"), (home.root, "the home of the warehouse")):
        if path.resolve().is_relative_to(folder.resolve()):
            raise WrongUse(
                f"{path} lies inside {what}: references would be copied with it. Give --output elsewhere."
            )
    if not path.parent.is_dir():
        raise WrongUse(f"There is no folder {path.parent}.")
    return path


def _find(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    agency: str,
    columns: set[str],
    contracts: Iterable[Contract],
) -> None:
    """Temp table `handed_back`: the agency's entries of the list, each with its references or none."""
    told = "".join(f", {column}" for column in TOLD if column in columns)
    whose = f"where agency = {literal(agency)}" if "agency" in columns else ""
    if "person_key_agency" in columns:
        key, keys = "person_key_agency", "select reference, own_key as key from own_references"
    elif "person_key" in columns:
        key = "person_key"
        keys = """
            select own_references.reference, keys.person_key as key
            from own_references
            inner join vault.intermediate.int_persons__keys as keys on own_references.own_key = keys.own_key
        """
    elif "family_key" in columns:
        key, keys = "family_key", "select reference, own_key as key from own_references"
    elif "location_key" in columns:
        key, keys = "location_key", _located(agency, contracts)
    else:
        raise SwpError(
            f"The list '{name}' names neither persons, families nor places, so it has no references."
        )
    connection.execute(f"create or replace temp table own_references as {_own_references(agency, contracts)}")
    connection.execute(f"""
        create or replace temp table handed_back as
        select entries.entry, held.reference {told}
        from (
            select row_number() over () as entry, {key} as key {told}
            from warehouse.marts.{quoted(name)}
            {whose}
        ) as entries
        left join (select distinct reference, key from ({keys})) as held on entries.key = held.key
    """)


def _own_references(agency: str, contracts: Iterable[Contract]) -> str:
    """A query for the agency's references as it writes them, with the key that the lists know them by."""
    parts = [
        f"select {_cell(contract, each)} as reference from vault.raw.{quoted(contract.name)} "
        f"where {tombstones.agency(contract, each)} = {literal(agency)}"
        for contract in contracts
        for each in contract.person_references
    ]
    key = f"person_hmac({literal(agency)} || '|' || {tombstones.normalised('reference')})"
    return f"select distinct reference, {key} as own_key from ({' union all '.join(parts)})"


def _cell(contract: Contract, reference: PersonReference) -> str:
    return sql.clean(contract, contract.column(reference.column))


def _located(agency: str, contracts: Iterable[Contract]) -> str:
    """A query for the agency's own case references at each place: the last key of its contract."""
    parts = [
        f"select rows.{quoted(contract.keys[-1])} as reference, places.location_key as key "
        f"from vault.raw.{quoted(contract.name)} as rows "
        "inner join vault.intermediate.int_asb_incidents__repeat_locations as places "
        "on rows.delivery_id = places.delivery_id and rows.row_number = places.row_number "
        f"where {tombstones.agency(contract, contract.person_references[0])} = {literal(agency)}"
        for contract in contracts
        if contract.keys
    ]
    return " union all ".join(parts)


def _write(path: Path, headings: list[str], rows: Iterable[list[object]]) -> None:
    """Write a CSV that only its owner can read, whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([_shown(cell) for cell in row] for row in rows)
    os.replace(partial, path)


def _shown(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
