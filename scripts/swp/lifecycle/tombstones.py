"""Tombstones: keyed hashes by which a row about an erased person is known again, in any file.

A tombstone says who is to be kept out and cannot be read back: it is an HMAC under the person key, of other
words than those that make a person key, so that the two cannot be matched. Of a row without a reference,
which only the linkage could find, the hash is of all its identifying cells.
"""

import duckdb

from swp import keys
from swp.contracts import Contract, PersonReference, load_contracts
from swp.errors import WrongUse
from swp.gate import expressions as sql
from swp.paths import Home
from swp.person_hmac import register_person_hmac
from swp.vault import literal, quoted

LEDGER = "vault.ledger.tombstones"


def prepare(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Make `person_hmac` known to `connection`; raises SwpError where the person key is lost or another."""
    register_person_hmac(connection, keys.key(home, "person"))


def normalised(reference: str) -> str:
    """SQL: a reference as the person keys know it."""
    return f"upper(trim({reference}))"


def of_reference(agency: str, reference: str) -> str:
    """SQL: the tombstone of an agency's reference; null without one."""
    return f"person_hmac('erased|' || {agency} || '|' || {normalised(reference)})"


def of_row(contract: Contract) -> str:
    """SQL: the tombstone of a row of `contract` by its identifying cells; null where none is filled."""
    cells = [sql.clean(contract, column) for column in contract.columns if column.sensitivity == "identifier"]
    if not cells:
        return "null"
    joined = ", ".join(f"coalesce({normalised(cell)}, '')" for cell in cells)
    return (
        f"case when coalesce({', '.join(cells)}) is not null "
        f"then person_hmac('erased row|{contract.name}|' || concat_ws('|', {joined})) end"
    )


def agency(contract: Contract, reference: PersonReference) -> str:
    """SQL: the agency whose reference it is; int_persons__records names a landlord in the same way."""
    if reference.agency:
        return literal(reference.agency)
    named = sql.clean(contract, contract.column(reference.named_in))
    return f"lower(regexp_replace({named}, '[^A-Za-z]+', '_', 'g'))"


def check_agency(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Raise WrongUse where no contract, delivery or tombstone knows references of the agency `name`."""
    known = {holder for kind, holder in holders(connection) if kind == "reference"}
    for contract in load_contracts().values():
        for reference in contract.person_references:
            if reference.agency:
                known.add(reference.agency)
            else:
                # Those of the code list too: all that was delivered of one may be withdrawn.
                listed = contract.column(reference.named_in).code_list
                known |= {value.lower().replace(" ", "_") for value in (listed.values if listed else ())}
                rows = f"vault.raw.{quoted(contract.name)}"
                named = connection.execute(
                    f"select distinct {agency(contract, reference)} from {rows}"
                ).fetchall()
                known |= {each for (each,) in named if each}
    if name not in known:
        raise WrongUse(
            f"There is no agency '{name}' that has references of persons. Known: {', '.join(sorted(known))}."
        )


Holders = frozenset[tuple[str, str]]


def holders(connection: duckdb.DuckDBPyConnection, tombstones: str = LEDGER) -> Holders:
    """Of what kind `tombstones` are and by whom they are held: what has to be hashed, and what not."""
    return frozenset(connection.execute(f"select distinct kind, held_by from {tombstones}").fetchall())


def _marks(contract: Contract, held: Holders) -> list[str]:
    """SQL: the tombstones that a row of `contract` could bear, of those that are held."""
    agencies = {holder for kind, holder in held if kind == "reference"}
    marks = [
        of_reference(agency(contract, each), sql.clean(contract, contract.column(each.column)))
        for each in contract.person_references
        if each.agency in agencies or (each.named_in and agencies)
    ]
    return marks + ([of_row(contract)] if ("row", contract.name) in held else [])


def concerns(contract: Contract, held: Holders) -> bool:
    """Can a row of `contract` bear a tombstone that is held?"""
    return bool(_marks(contract, held))


def rows_of(contract: Contract, rows: str, held: Holders, tombstones: str) -> str:
    """A query for `rows.*` that bear one of `tombstones`; `rows` has the columns of the contract."""
    borne = [f"{mark} in (select tombstone from {tombstones})" for mark in _marks(contract, held)]
    return f"select * from {rows} where {' or '.join(borne) or 'false'}"


def lines_of(contract: Contract, lines: str, tombstones: str) -> str:
    """A query for `lines.*` (with `row_text`) of which a word is a reference that bears one of `tombstones`.

    A line that was never a row has no columns: each word of it is tried.
    """
    agencies = sql.sql_list(sorted({each.agency for each in contract.person_references if each.agency}))
    agencies = f"select unnest({agencies}) as agency"
    if any(each.named_in for each in contract.person_references):
        agencies = f"select distinct held_by as agency from {tombstones} where kind = 'reference'"
    words = """regexp_split_to_array(row_text, '[,;|\t"\r\n]+')"""
    mark = of_reference("agency", "word")
    return f"""
        select * from {lines}
        where exists (
            select 1
            from (select unnest({words}) as word) as words
            cross join ({agencies}) as agencies
            where {mark} in (select tombstone from {tombstones})
        )
    """


def find_delivered(connection: duckdb.DuckDBPyConnection, home: Home, contract: Contract) -> int:
    """Fill temp table `tombstoned` (row_number) from what `swp.reading` loaded; return its rows.

    Without tombstones that concern the contract nothing is hashed, and no person key is needed.
    """
    if not concerns(contract, holders(connection)):
        return 0
    prepare(connection, home)
    return find_loaded(connection, contract, LEDGER)


def find_loaded(connection: duckdb.DuckDBPyConnection, contract: Contract, tombstones: str) -> int:
    """Fill temp table `tombstoned` with the rows of `delivered`, and the lines beside it, that bear one."""
    held = holders(connection, tombstones)
    connection.execute(f"""
        create or replace temp table tombstoned as
        select row_number from ({rows_of(contract, "delivered", held, tombstones)})
        union
        select row_number from ({lines_of(contract, "delivered_malformed", tombstones)})
    """)
    return connection.execute("select count(*) from tombstoned").fetchone()[0]


def aside(contract: Contract) -> str:
    """A relation of the rows in quarantine, in the contract's columns."""
    columns = ", ".join(
        f"row_text[{literal(column.name)}] as {quoted(column.name)}" for column in contract.columns
    )
    return (
        f"(select delivery_id, row_number, {columns} from vault.ledger.quarantine "
        f"where source = {literal(contract.name)})"
    )


def lines_aside(contract: Contract) -> str:
    """A relation of the lines in quarantine that were never rows."""
    return (
        "(select delivery_id, row_number, row_text['line'] as row_text from vault.ledger.quarantine "
        f"where source = {literal(contract.name)} and row_text['line'] is not null)"
    )
