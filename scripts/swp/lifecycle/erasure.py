"""`swp erase`: a person leaves everything but aggregates, and no file brings the person back.

The order is that of landing. Archived files are written again first, under the hash of their new content.
Then one transaction takes the rows out, sets the tombstones and points the ledger to the new files. What
nothing points to any more is removed last; a run that is cut off there is finished by the same command.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import duckdb

from swp import person_history, trail
from swp.contracts import Contract, load_contracts
from swp.errors import Rejection, SwpError, WrongUse
from swp.landing import archive, ledger
from swp.lifecycle import built, redaction, tombstones
from swp.paths import Home
from swp.reading import Member, Refused, load, members, recognise
from swp.vault import literal, quoted


@dataclass(frozen=True)
class Part:
    """What leaves one delivery: rows in raw, and rows set aside."""

    delivery_id: str
    source: str
    rows: int
    rows_quarantined: int


@dataclass
class Erasure:
    """What an erasure does, or would do. `done` is false where nothing was changed."""

    agency: str
    references: int
    parts: list[Part] = field(default_factory=list)
    files: list[str] = field(default_factory=list)  # deliveries whose archived file is written again
    unreadable: list[str] = field(default_factory=list)  # those whose file is removed instead
    inbox: list[str] = field(default_factory=list)  # files of the inbox with the same content
    done: bool = False

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    @property
    def rows_quarantined(self) -> int:
        return sum(part.rows_quarantined for part in self.parts)

    @property
    def delivery_ids(self) -> list[str]:
        return sorted({part.delivery_id for part in self.parts} | {*self.files, *self.unreadable})


@dataclass(frozen=True)
class _Archived:
    """An archived file, and the deliveries that it is the file of; with the redacted one, once written."""

    place: str
    source: str
    delivery_ids: tuple[str, ...]
    redacted: Member | None = None


def erase(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    reference: str,
    agency: str,
    *,
    linked: bool = False,
    dry_run: bool = False,
) -> Erasure:
    """Erase the person whom `agency` knows by `reference`; with `linked` also what linkage says is theirs.

    The caller holds the run lock. A row that names two persons goes whole. Erasing again changes nothing.
    Raises WrongUse for an unknown agency or an empty reference, SwpError where no row carries the reference,
    or `linked` is asked for and nothing is built.
    """
    if not reference.strip():
        raise WrongUse("The reference is empty.")
    tombstones.check_agency(connection, agency)
    tombstones.prepare(connection, home)
    _seek(connection, reference, agency)
    if linked:
        _seek_linked(connection)
    contracts = _contracts_concerned(connection)
    erasure = Erasure(agency, _references(connection), _find(connection, contracts))
    looked_into = [_redact(connection, home, each, dry_run) for each in _to_look_into(connection, contracts)]
    archived = [each for each in looked_into if each]
    erasure.files = sorted(name for each in archived if each.redacted for name in each.delivery_ids)
    erasure.unreadable = sorted(name for each in archived if not each.redacted for name in each.delivery_ids)
    anew = not _all_known(connection)
    if anew and not (erasure.parts or erasure.files):
        raise SwpError(
            f"No row of {agency} carries this reference, so nothing was changed. Give it as the agency "
            "writes it."
        )
    erasure.inbox = _in_inbox(connection, home, erasure.delivery_ids)
    if not dry_run:
        if anew or erasure.delivery_ids:
            _commit(connection, home, erasure, archived)
            erasure.done = True
        archive.sweep(connection, home)
    return erasure


def _seek(connection: duckdb.DuckDBPyConnection, reference: str, agency: str) -> None:
    """Temp table `sought`: the tombstones to set, with the person's key within the agency."""
    mark = tombstones.of_reference("$agency", "$reference")
    connection.execute(
        f"""
        create or replace temp table sought as
        select
            {mark} as tombstone,
            'reference' as kind,
            $agency as held_by,
            person_hmac($agency || '|' || {tombstones.normalised("$reference")}) as own_key
        """,
        {"agency": agency, "reference": reference},
    )


def _seek_linked(connection: duckdb.DuckDBPyConnection) -> None:
    """Add every reference, and every row without one, that the last build linked to the same person."""
    try:
        connection.execute("""
            create or replace temp table linked_records as
            select
                linked.source,
                linked.delivery_id,
                linked.row_number,
                linked.own_key,
                records.agency,
                records.reference
            from vault.intermediate.int_persons__linked as linked
            inner join vault.intermediate.int_persons__records as records
                on linked.record_key = records.record_key
            where linked.person_key in (
                select person_key from vault.intermediate.int_persons__linked
                where own_key in (select own_key from sought)
            )
        """)
    except duckdb.CatalogException:
        raise SwpError(
            "--linked goes by the linkage of the last build, and nothing is built. Run 'swp build'."
        ) from None
    mark = tombstones.of_reference("agency", "reference")
    connection.execute(f"""
        insert into sought
        select distinct {mark}, 'reference', agency, own_key
        from linked_records
        where reference is not null and {mark} not in (select tombstone from sought)
    """)
    for contract in load_contracts().values():
        connection.execute(f"""
            insert into sought
            select distinct {tombstones.of_row(contract)}, 'row', {literal(contract.name)}, own_key
            from vault.raw.{quoted(contract.name)} as rows
            inner join linked_records
                on rows.delivery_id = linked_records.delivery_id
                and rows.row_number = linked_records.row_number
            where linked_records.reference is null and linked_records.source = {literal(contract.name)}
        """)
    # A row that holds nothing to know it by again has no tombstone.
    connection.execute("delete from sought where tombstone is null")


def _contracts_concerned(connection: duckdb.DuckDBPyConnection) -> list[Contract]:
    held = tombstones.holders(connection, "sought")
    return [each for each in load_contracts().values() if tombstones.concerns(each, held)]


def _references(connection: duckdb.DuckDBPyConnection) -> int:
    return connection.execute("select count(*) from sought where kind = 'reference'").fetchone()[0]


def _all_known(connection: duckdb.DuckDBPyConnection) -> bool:
    return not connection.execute("""
        select count(*) from sought
        anti join vault.ledger.tombstones as known on sought.tombstone = known.tombstone
    """).fetchone()[0]


def _find(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> list[Part]:
    """Fill temp table `gone` with the rows that bear a tombstone of `sought`, in raw and set aside."""
    connection.execute("""
        create or replace temp table gone (
            source varchar, delivery_id varchar, row_number bigint, is_aside boolean
        )
    """)
    held = tombstones.holders(connection, "sought")
    for contract in contracts:
        name = literal(contract.name)
        in_raw = tombstones.rows_of(contract, f"vault.raw.{quoted(contract.name)}", held, "sought")
        aside = tombstones.rows_of(contract, tombstones.aside(contract), held, "sought")
        lines = tombstones.lines_of(contract, tombstones.lines_aside(contract), "sought")
        connection.execute(f"""
            insert into gone
            select {name}, delivery_id, row_number, false from ({in_raw})
            union all
            select {name}, delivery_id, row_number, true from ({aside})
            union all
            select {name}, delivery_id, row_number, true from ({lines})
        """)
    rows = connection.execute("""
        select delivery_id, source, count(*) filter (not is_aside), count(*) filter (is_aside)
        from gone group by all order by all
    """).fetchall()
    return [Part(*row) for row in rows]


def _to_look_into(connection: duckdb.DuckDBPyConnection, contracts: list[Contract]) -> list[_Archived]:
    """Archived files of deliveries that lose rows, and of withdrawn ones, which have no rows to tell."""
    rows = connection.execute(
        """
        select archived_as, source, list(delivery_id order by delivery_id)
        from vault.ledger.deliveries
        where archived_as is not null and list_contains(?, source)
        group by all
        having count_if(
            delivery_id in (select delivery_id from gone)
            or delivery_id in (select delivery_id from vault.ledger.withdrawals)
        ) > 0
        order by archived_as
        """,
        [[contract.name for contract in contracts]],
    ).fetchall()
    return [_Archived(place, source, tuple(ids)) for place, source, ids in rows]


def _redact(
    connection: duckdb.DuckDBPyConnection, home: Home, archived: _Archived, dry_run: bool
) -> _Archived | None:
    """The archived file with the redacted one beside it in scratch; None where it holds no row to leave.

    A file that today's contract cannot read any more is taken to hold one: it has none redacted.
    """
    contract = load_contracts()[archived.source]
    (member,) = members(home.landed / archived.place, home.scratch)
    if isinstance(member, Refused):
        return archived
    try:
        match = recognise(member, [contract], contract.name)
        load(connection, member, match, "delivered")
        if not tombstones.find_loaded(connection, contract, "sought"):
            return None
        if dry_run:
            return replace(archived, redacted=member)
        rows = connection.execute("select row_number from tombstoned").fetchall()
        return replace(
            archived, redacted=redaction.rewrite(member, match, {row for (row,) in rows}, home.scratch)
        )
    except Rejection as rejection:
        return None if rejection.check == "no_rows" else archived


def _commit(
    connection: duckdb.DuckDBPyConnection, home: Home, erasure: Erasure, archived: list[_Archived]
) -> None:
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    places = {each: each.redacted and archive.store(home, each.redacted, each.source) for each in archived}
    connection.execute("begin")
    try:
        for source in {part.source for part in erasure.parts}:
            ledger.take_out(connection, source, "gone")
        built.forget_rows(connection, "gone")
        built.forget_persons(connection, "sought")
        person_history.forget_persons(connection, "sought")
        for part in erasure.parts:
            connection.execute(
                "insert into vault.ledger.erasures values (?, ?, ?, ?, ?)",
                [part.delivery_id, part.source, now, part.rows, part.rows_quarantined],
            )
        connection.execute(
            """
            insert into vault.ledger.tombstones
            select distinct on (tombstone) tombstone, kind, held_by, ? from sought
            anti join vault.ledger.tombstones as known on sought.tombstone = known.tombstone
            """,
            [now],
        )
        for each, place in places.items():
            connection.execute(
                "update vault.ledger.deliveries set archived_as = ? where list_contains(?, delivery_id)",
                [place, list(each.delivery_ids)],
            )
            for delivery_id in each.delivery_ids if each.redacted else ():
                connection.execute(
                    "insert into vault.ledger.redactions values (?, ?, ?)",
                    [delivery_id, each.redacted.content_sha256, now],
                )
        trail.record(
            connection,
            "erase",
            delivery_ids=erasure.delivery_ids,
            detail=erasure.agency,
            references=erasure.references,
            rows=erasure.rows,
            rows_set_aside=erasure.rows_quarantined,
            files_redacted=len(erasure.files),
            files_removed=len(erasure.unreadable),
        )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _in_inbox(connection: duckdb.DuckDBPyConnection, home: Home, delivery_ids: list[str]) -> list[str]:
    """Files of the inbox that hold the content of these deliveries, by the names that a person sees."""
    contents = {
        content
        for (content,) in connection.execute(
            "select content_sha256 from vault.ledger.deliveries where list_contains(?, delivery_id)",
            [delivery_ids],
        ).fetchall()
    }
    held = []
    for path in sorted(home.inbox.rglob("*")) if contents else ():
        if path.is_file() and not path.is_symlink():
            found = [each for each in members(path, home.scratch) if isinstance(each, Member)]
            if any(each.content_sha256 in contents for each in found):
                held.append(str(path.relative_to(home.inbox)))
    return held
