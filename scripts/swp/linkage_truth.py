"""How well persons are linked: the links of a built sample home against who its people truly are.

A pair of records is right when both are about one person. Precision is the share of right pairs among those
that are linked, recall the share of those linked among the right ones; a person with one record has no pair.

    python -m swp.linkage_truth        # the home that SWP_HOME names, after a build
"""

import json
import sys

import duckdb

from swp import vault
from swp.errors import SwpError
from swp.paths import Home
from swp.sample.truth import FILE

# The truth names a row by its table and its agency's reference of the person or, without one, of the row.
RECORDS = """
create or replace temp table compared as
with by_reference as (
    select source_table, upper(reference) as reference, min(person_id) as person_id
    from truth
    group by source_table, upper(reference)
    having count(distinct person_id) = 1
),
by_row as (
    select source_table, row_reference, min(person_id) as person_id
    from truth
    group by source_table, row_reference
    having count(distinct person_id) = 1
)
select
    records.record_key,
    records.given_name is not null and records.family_name is not null as is_named,
    records.agency || '|' || coalesce(records.reference, records.record_key) as entity,
    links.person_key as found,
    coalesce(by_reference.person_id, by_row.person_id) as person
from links
inner join records on links.record_key = records.record_key
left join by_reference
    on records.source = by_reference.source_table and records.reference = by_reference.reference
left join by_row
    on
        records.source = by_row.source_table
        and case when records.reference is null then records.row_ref end = by_row.row_reference
"""


def measure(home: Home) -> dict:
    """Precision and recall of the links in the vault of `home`, which must hold a built sample.

    Three scores, each a dict of `pairs` (right ones), `linked`, `precision` and `recall`: `all` are the pairs
    of all records that name somebody; `named` only of records with given and family name, so without the many
    rows that give a reference alone; `without_reference` of the named ones those that no shared reference
    joins, which is what probability alone decides. Besides: `records`, `persons` (of the truth), `clusters`,
    and `records_unknown`, records of which the truth says nothing (left out of the scores).
    Raises SwpError without a truth or without links.
    """
    truth = home.truth / FILE
    if not truth.exists():
        raise SwpError(f"{truth} is not there: only a sample home knows who is who. Run 'swp sample' first.")
    with vault.opened(home, read_only=True) as connection:
        if not are_linked(connection):
            raise SwpError(f"{home.vault} holds no linked persons yet. Run 'swp build' first.")
        return measure_in(connection, home)


def are_linked(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a build has linked the persons of the vault that `connection` has attached."""
    built = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'vault' "
        "and table_name in ('int_persons__records', 'int_persons__linked')"
    ).fetchone()[0]
    return built == 2


def measure_in(connection: duckdb.DuckDBPyConnection, home: Home) -> dict:
    """`measure` on a connection that has the vault of `home` attached, when its persons are linked."""
    connection.execute(
        "create or replace temp view records as from vault.intermediate.int_persons__records;"
        "create or replace temp view links as from vault.intermediate.int_persons__linked"
    )
    connection.execute(f"create or replace temp view truth as from {vault.literal(str(home.truth / FILE))}")
    return scores(connection)


def told(connection: duckdb.DuckDBPyConnection, home: Home) -> str:
    """One line for people: how many persons are linked and, where the truth is known, how well."""
    if not are_linked(connection):
        return "Persons: not linked yet; 'swp build' links them."
    if not (home.truth / FILE).exists():
        records, persons = connection.execute(
            "select count(*), count(distinct person_key) from vault.intermediate.int_persons__linked"
        ).fetchone()
        return (
            f"Persons: {records:,} records linked to {persons:,} persons; how many links are right is known "
            "only of the sample."
        )
    found = measure_in(connection, home)
    shares = "; ".join(
        f"{name} precision {_percent(found[score]['precision'])}, recall {_percent(found[score]['recall'])}"
        for score, name in (
            ("all", "pairs of all records"),
            ("without_reference", "pairs that no shared reference joins"),
        )
    )
    return f"Persons: {found['records']:,} records linked to {found['clusters']:,} persons; {shares}."


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:.1f}%"


def scores(connection: duckdb.DuckDBPyConnection) -> dict:
    """The scores of `measure`, from `records`, `links` (record_key, person_key), `truth` of `connection`."""
    connection.execute(RECORDS)
    known = "person is not null"
    counts = connection.execute(
        f"select count(*), count(distinct person), count(distinct found), count(*) filter (not ({known})) "
        "from compared"
    ).fetchone()
    return {
        **dict(zip(("records", "persons", "clusters", "records_unknown"), counts, strict=True)),
        "all": _score(connection, known, within_entity=True),
        "named": _score(connection, f"{known} and is_named", within_entity=True),
        "without_reference": _score(connection, f"{known} and is_named", within_entity=False),
    }


def _score(connection: duckdb.DuckDBPyConnection, where: str, *, within_entity: bool) -> dict:
    def pairs(columns: str) -> int:
        return connection.execute(
            "select coalesce(sum(n * (n - 1) // 2), 0)::bigint "
            f"from (select count(*) as n from compared where {where} group by {columns})"
        ).fetchone()[0]

    right, linked, both = (
        pairs(columns) - (0 if within_entity else pairs(f"{columns}, entity"))
        for columns in ("person", "found", "person, found")
    )
    return {
        "pairs": right,
        "linked": linked,
        "precision": round(both / linked, 4) if linked else None,
        "recall": round(both / right, 4) if right else None,
    }


if __name__ == "__main__":
    try:
        print(json.dumps(measure(Home.current()), indent=2))
    except SwpError as error:
        sys.exit(str(error))
