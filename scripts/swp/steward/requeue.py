"""`swp requeue`: rows that were set aside are judged again, by today's contract and code lists."""

from dataclasses import dataclass

import duckdb

from swp import trail
from swp.contracts import Contract, contract_named, load_contracts
from swp.errors import SwpError, WrongUse
from swp.gate import flags, row_faults
from swp.gate.expressions import sql_list
from swp.gate.profile import Profile, measure
from swp.landing import ledger
from swp.steward import deliveries
from swp.steward.deliveries import Delivery
from swp.vault import literal, quoted, raw_columns

# A line with too many or too few fields was never a row: no code list can mend it.
_IS_ROW = f"not list_contains(list_transform(reasons, r -> r.check_name), {literal(row_faults.MALFORMED)})"


@dataclass(frozen=True)
class Requeued:
    """What became of the rows that one delivery had set aside."""

    delivery_id: str
    file_name: str
    source: str
    rows_moved: int
    rows_left: int


def requeue(
    connection: duckdb.DuckDBPyConnection, delivery_id: str | None = None, source: str | None = None
) -> list[Requeued]:
    """Judge quarantined rows again: of one delivery, of one source, or all; one transaction a delivery.

    Rows that pass go to raw under their delivery and row number; the others stay, with the reasons that
    hold today. Counts, profile and findings of the delivery change with them. Rows accepted before are never
    set aside, and columns that the file did not have stay undelivered. Raises WrongUse for an unknown
    delivery or source.
    """
    if delivery_id and source:
        raise WrongUse("Give a delivery or --source, not both.")
    if source:
        contract_named(source)
    chosen = [deliveries.find(connection, delivery_id).id] if delivery_id else _with_rows(connection, source)
    return [_requeue_one(connection, deliveries.find(connection, each)) for each in chosen]


def _with_rows(connection: duckdb.DuckDBPyConnection, source: str | None) -> list[str]:
    rows = connection.execute(
        """
        select distinct delivery_id from vault.ledger.quarantine
        where $source is null or source = $source
        order by delivery_id
        """,
        {"source": source},
    ).fetchall()
    return [row[0] for row in rows]


def _requeue_one(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> Requeued:
    aside = connection.execute(
        f"select count(*) filter ({_IS_ROW}) from vault.ledger.quarantine where delivery_id = ?",
        [delivery.id],
    ).fetchone()[0]
    if not aside:
        return Requeued(delivery.id, delivery.file_name, delivery.source or "", 0, delivery.rows_quarantined)
    contract = load_contracts().get(delivery.source)
    if contract is None:
        raise SwpError(f"{delivery.id} is of source '{delivery.source}', which has no contract any more.")
    delivered = _delivered_columns(connection, delivery)
    _prepare_quarantined(connection, contract, delivery)
    flags.prepare(connection, contract)
    row_faults.find(connection, contract, delivered)
    connection.execute("""
        create or replace temp table passing as
        select delivered.* from delivered anti join faults on delivered.row_number = faults.row_number
    """)
    moved = connection.execute("select count(*) from passing").fetchone()[0]
    connection.execute("begin")
    try:
        _keep_present_reasons(connection, delivery)
        if moved:
            _move(connection, contract, delivery, moved)
            _prepare_whole(connection, contract, delivery)
            _measure_again(connection, contract, delivery, delivered)
            trail.record(
                connection,
                "requeue",
                delivery_ids=[delivery.id],
                detail=contract.name,
                rows_accepted=moved,
                rows_set_aside=delivery.rows_quarantined - moved,
            )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return Requeued(delivery.id, delivery.file_name, contract.name, moved, delivery.rows_quarantined - moved)


def _delivered_columns(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> set[str]:
    rows = connection.execute(
        "select column_name from vault.ledger.column_profile where delivery_id = ? and is_delivered",
        [delivery.id],
    ).fetchall()
    return {row[0] for row in rows}


def _quarantined_sql(contract: Contract) -> str:
    """A query for the rows set aside, in the columns of the raw table: their delivered text by name."""
    names = sql_list([column.name for column in contract.columns])
    pattern = "false"
    if contract.pattern:
        pattern = f"regexp_full_match(entry.key, {literal(contract.pattern.match)})"
    columns = ["row_number"]
    columns += [f"row_text[{literal(column.name)}] as {quoted(column.name)}" for column in contract.columns]
    if contract.pattern:
        columns.append(f"{_entries(f'{pattern}')} as {quoted(contract.pattern.column)}")
    columns.append(f"{_entries(f'not list_contains({names}, entry.key) and not {pattern}')} as _extra")
    return f"""
        select {", ".join(columns)}
        from vault.ledger.quarantine
        where delivery_id = ? and {_IS_ROW}
    """


def _entries(condition: str) -> str:
    return f"map_from_entries(list_filter(map_entries(row_text), entry -> {condition}))"


def _prepare_quarantined(
    connection: duckdb.DuckDBPyConnection, contract: Contract, delivery: Delivery
) -> None:
    """Temp table `delivered`, which the gate judges: the rows set aside."""
    connection.execute(
        f"create or replace temp table delivered as {_quarantined_sql(contract)}", [delivery.id]
    )


def _prepare_whole(connection: duckdb.DuckDBPyConnection, contract: Contract, delivery: Delivery) -> None:
    """Temp table `delivered` of every row of the file: those in raw and those still set aside."""
    names = ", ".join(quoted(name) for name, _ in raw_columns(contract)[1:])
    connection.execute(
        f"""
        create or replace temp table delivered as
        select {names} from vault.raw.{quoted(contract.name)} where delivery_id = ?
        union all by name
        {_quarantined_sql(contract)}
        """,
        [delivery.id, delivery.id],
    )


def _keep_present_reasons(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    connection.execute(
        """
        update vault.ledger.quarantine
        set reasons = faults.reasons
        from faults
        where quarantine.delivery_id = ? and quarantine.row_number = faults.row_number
            and quarantine.reasons is distinct from faults.reasons
        """,
        [delivery.id],
    )


def _move(connection: duckdb.DuckDBPyConnection, contract: Contract, delivery: Delivery, moved: int) -> None:
    names = ", ".join(quoted(name) for name, _ in raw_columns(contract)[1:])
    connection.execute(
        f"""
        insert into vault.raw.{quoted(contract.name)} (delivery_id, {names})
        select ?, {names} from passing order by row_number
        """,
        [delivery.id],
    )
    connection.execute(
        """
        delete from vault.ledger.quarantine
        where delivery_id = ? and row_number in (select row_number from passing)
        """,
        [delivery.id],
    )
    connection.execute(
        """
        update vault.ledger.deliveries
        set rows_accepted = rows_accepted + $moved, rows_quarantined = rows_quarantined - $moved
        where delivery_id = $id
        """,
        {"moved": moved, "id": delivery.id},
    )


def _measure_again(
    connection: duckdb.DuckDBPyConnection, contract: Contract, delivery: Delivery, delivered: set[str]
) -> None:
    flags.prepare(connection, contract)
    profile = measure(connection, contract, delivered, delivery.file_name)
    for table in ledger.PROFILE_TABLES:
        connection.execute(f"delete from vault.ledger.{table} where delivery_id = ?", [delivery.id])
    ledger.insert_profile(connection, delivery.id, contract.name, profile)
    _tell_findings(connection, delivery, profile)


def _tell_findings(connection: duckdb.DuckDBPyConnection, delivery: Delivery, profile: Profile) -> None:
    """Bring the findings about rows and their values, the verdict and the period up to date."""
    left = connection.execute(
        "select count(*) from vault.ledger.quarantine where delivery_id = ?", [delivery.id]
    ).fetchone()[0]
    _settle(
        connection,
        delivery,
        ("row_faults", None),
        left,
        f"{left:,} of {delivery.rows_read:,} rows are still set aside, after they were judged again; the "
        "report lists row numbers and reasons.",
    )
    for item in profile.columns:
        filled = item.applicable - item.blank
        _settle(
            connection,
            delivery,
            ("values_parse", item.column.label),
            item.unparseable,
            f"{item.unparseable:,} of {filled:,} values of '{item.column.label}' do not read as the type "
            "that the contract states.",
        )
        if item.column.code_list:
            _settle(
                connection,
                delivery,
                ("values_in_code_list", item.column.label),
                item.out_of_list,
                f"{item.out_of_list:,} of {filled:,} values of '{item.column.label}' are not in its code "
                f"list ({item.column.code_list.seed}).",
            )
    start, end = profile.period
    connection.execute(
        """
        update vault.ledger.deliveries
        set
            period_start = coalesce($start, period_start),
            period_end = coalesce($end, period_end),
            is_partial = $partial,
            verdict = (
                select if(count(*) = 0, 'accepted', 'accepted_with_warnings') from vault.ledger.findings
                where delivery_id = $id and not is_passed and severity <> 'info'
            )
        where delivery_id = $id
        """,
        {"start": start, "end": end, "partial": profile.is_partial, "id": delivery.id},
    )


def _settle(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    check: tuple[str, str | None],
    failing: int,
    message: str,
) -> None:
    """A finding's new count; its words only where the count is another one than before."""
    connection.execute(
        """
        update vault.ledger.findings
        set is_passed = $failing = 0, failing = $failing, message = if($failing = 0, '', $message)
        where delivery_id = $id and check_name = $check and column_name is not distinct from $column
            and failing is distinct from $failing
        """,
        {
            "failing": failing,
            "message": message,
            "id": delivery.id,
            "check": check[0],
            "column": check[1],
        },
    )
