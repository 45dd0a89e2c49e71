"""What partners owe: which delivery is due, late or broken, and the gaps that stand open.

The state of a source's months follows models/intermediate/int_deliveries__received.sql; a test holds the two
together.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date

import duckdb
import pyarrow
import yaml

from swp.contracts import Contract, load_contracts
from swp.landing import ledger
from swp.paths import PROJECT
from swp.steward.gaps import PERIOD

# Months between two deliveries, as in macros/contract_sources.sql; others are not due on a day.
CADENCE_MONTHS = {"monthly": 1, "quarterly": 3, "termly": 4, "half-yearly": 6, "yearly": 12}

# The states from worst to best, in a steward's words.
STATES = {
    "broken": "last file rejected",
    "missing": "nothing delivered",
    "overdue": "late",
    "months_missing": "months missing",
    "months_cut_short": "cut short",
    "due": "due",
    "received": "up to date",
}


@dataclass(frozen=True)
class Due:
    """One source: when its last period ended, when the next delivery is due, and what is open.

    `state` is a key of STATES. `broken`: the latest file was rejected; `due`: the next period is over and its
    due date is not. `gaps_open` counts gaps that fail (not registered, or expired), `gaps_registered` those
    that a register entry covers.
    """

    supplier: str
    source: str
    cadence: str
    last_period_end: date | None
    next_due: date | None
    state: str
    finding: str
    gaps_open: int
    gaps_registered: int


def _review_year_start() -> str:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return str(project["vars"]["review_year_start"])


def _is_continuous(contract: Contract) -> bool:
    """Does every month bring rows? A survey or snapshot has none in most months, and need not."""
    return bool(contract.meta.get("continuous", contract.mode == "append") and contract.period_column)


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Temp views of what is asked for: a row a source, and a row a field that is asked for."""
    contracts = [
        {
            "source": contract.name,
            "supplier": contract.supplier,
            "cadence": str(contract.meta.get("cadence", "")),
            "cadence_months": CADENCE_MONTHS.get(contract.meta.get("cadence"), 0),
            "due_days": int(contract.meta.get("due_days") or 0),
            "asked_months": int(contract.meta.get("asked_months") or 0) if _is_continuous(contract) else 0,
        }
        for contract in load_contracts().values()
    ]
    fields = [
        {"source": contract.name, "field": column.name, "need": column.need}
        for contract in load_contracts().values()
        for column in contract.columns
        if column.need != "optional"
    ]
    connection.register("due_contracts", pyarrow.Table.from_pylist(contracts))
    connection.register("due_fields", pyarrow.Table.from_pylist(fields))


_DELIVERIES = """
    deliveries as (
        select deliveries.*
        from vault.ledger.deliveries
        anti join vault.ledger.withdrawals on deliveries.delivery_id = withdrawals.delivery_id
    ),

    accepted as (
        select * from deliveries where verdict <> 'rejected'
    )
"""

_PERIODS = """
    with
    {deliveries},

    asked_months as (
        select
            source,
            unnest(generate_series(
                date '{review_year_start}' + to_months(12 - asked_months),
                date '{review_year_start}' + to_months(11),
                to_months(1)
            )) as month
        from due_contracts
        where asked_months > 0
    ),

    months_received as (
        select month_profile.source, month, bool_and(is_cut_short) as is_cut_short
        from vault.ledger.month_profile
        inner join accepted on month_profile.delivery_id = accepted.delivery_id
        group by all
    ),

    months_by_source as (
        select
            asked_months.source,
            count(*) as asked,
            count(*) filter (months_received.month is null) as missing,
            count(*) filter (is_cut_short) as cut_short,
            string_agg(strftime(asked_months.month, '%Y-%m'), ', ' order by asked_months.month)
                filter (months_received.month is null) as missing_months,
            string_agg(strftime(asked_months.month, '%Y-%m'), ', ' order by asked_months.month)
                filter (is_cut_short) as cut_short_months
        from asked_months
        left join months_received
            on asked_months.source = months_received.source and asked_months.month = months_received.month
        group by asked_months.source
    ),

    by_source as (
        select source, max(period_end) as last_period_end, max((landed_at, delivery_id)) as last_accepted
        from accepted
        group by source
    ),

    -- A file that was rejected and not yet made good by a later one.
    rejections as (
        select deliveries.source, max(deliveries.delivery_id) as delivery_id
        from deliveries
        left join by_source on deliveries.source = by_source.source
        where
            verdict = 'rejected'
            and (last_accepted is null or (deliveries.landed_at, deliveries.delivery_id) > last_accepted)
        group by deliveries.source
    ),

    dated as (
        select
            *,
            case
                when cadence_months > 0 then last_period_end + to_months(cadence_months) + to_days(due_days)
            end as next_due
        from due_contracts
        left join by_source using (source)
    )

    select
        dated.supplier,
        dated.source,
        dated.cadence,
        dated.last_period_end,
        cast(dated.next_due as date),
        case
            when by_source.source is null then 'missing'
            when months_by_source.missing > 0 then 'months_missing'
            when months_by_source.cut_short > 0 then 'months_cut_short'
            when dated.next_due < $today then 'overdue'
            when dated.cadence_months > 0
                and dated.last_period_end + to_months(dated.cadence_months) <= $today then 'due'
            else 'received'
        end as state,
        rejections.delivery_id,
        months_by_source.missing || ' of ' || asked || ' months: ' || missing_months,
        cut_short_months
    from dated
    left join by_source on dated.source = by_source.source
    left join months_by_source on dated.source = months_by_source.source
    left join rejections on dated.source = rejections.source
"""

# Fields that the current deliveries lack, and whether the register covers them.
_GAPS = """
    with
    {deliveries},

    current_deliveries as (
        select *
        from accepted
        qualify row_number() over (
            partition by
                source, coalesce(publisher, ''), coalesce(period_start::varchar, delivery_id),
                coalesce(period_end::varchar, '')
            order by published_on desc, delivery_id desc
        ) = 1
    ),

    lacking as (
        select distinct current_deliveries.source, due_fields.field
        from current_deliveries
        inner join due_fields on current_deliveries.source = due_fields.source
        left join vault.ledger.column_profile as profiles
            on current_deliveries.delivery_id = profiles.delivery_id
            and due_fields.field = profiles.column_name
        where
            not coalesce(profiles.is_delivered, false)
            or (
                due_fields.need <> 'key'
                and profiles.rows_applicable > 0
                and 100.0 * profiles.rows_blank / profiles.rows_applicable > profiles.max_blank_pct
            )
    )

    select lacking.source, lacking.field, coalesce(gaps.expires_on >= $today, false) as is_registered
    from lacking
    left join vault.ledger.gaps on lacking.source = gaps.source and lacking.field = gaps.column_name
"""


def due(connection: duckdb.DuckDBPyConnection) -> list[Due]:
    """A row per source that has a contract, by supplier, the worst state first; reads only.

    "Today" is the home's own date: the sample's, else the real one.
    """
    _prepare(connection)
    today = {"today": ledger.as_of(connection)}
    periods = connection.execute(
        _PERIODS.format(deliveries=_DELIVERIES, review_year_start=_review_year_start()), today
    ).fetchall()
    lacking = connection.execute(_GAPS.format(deliveries=_DELIVERIES), today).fetchall()
    registered = dict(
        connection.execute(
            "select source, expires_on from vault.ledger.gaps where column_name = ?", [PERIOD]
        ).fetchall()
    )
    rows = []
    for supplier, source, cadence, last, next_due, state, rejection, missing, cut_short in periods:
        gaps = [is_registered for name, _, is_registered in lacking if name == source]
        if state not in ("received", "due"):
            gaps.append(source in registered and registered[source] >= today["today"])
        finding = {
            "missing": "nothing was delivered",
            "months_missing": f"missing {missing}",
            "months_cut_short": f"cut short: {cut_short}",
        }.get(state, "")
        if rejection:
            state, finding = "broken", "; ".join(filter(None, (f"{rejection} was rejected", finding)))
        rows.append(
            Due(
                supplier, source, cadence, last, next_due, state, finding, gaps.count(False), gaps.count(True)
            )
        )
    order = list(STATES)
    return sorted(rows, key=lambda row: (row.supplier, order.index(row.state), row.source))


def tell(connection: duckdb.DuckDBPyConnection, *, as_json: bool = False) -> None:
    """Print what is due, by partner; with `as_json` one object a source and line."""
    rows = due(connection)
    if as_json:
        for row in rows:
            print(json.dumps(asdict(row), default=str, ensure_ascii=False))
        return
    today = ledger.as_of(connection)
    counts = [f"{sum(row.state == state for row in rows)} {words}" for state, words in STATES.items()]
    print(f"What is due on {today:%d %B %Y}: {', '.join(told for told in counts if told[:2] != '0 ')}")
    supplier = None
    for row in rows:
        if row.supplier != supplier:
            supplier = row.supplier
            print(f"\n{supplier}")
        last = f"to {row.last_period_end:%d %b %Y}" if row.last_period_end else ""
        by = f"next due {row.next_due:%d %b %Y}" if row.next_due else ""
        gaps = f"open gaps: {row.gaps_open}" if row.gaps_open else ""
        known = f"registered gaps: {row.gaps_registered}" if row.gaps_registered else ""
        rest = ", ".join(filter(None, (gaps, known, row.finding)))
        print(f"  {STATES[row.state]:20}{row.source:34}{last:16}{by:22}{rest}".rstrip())
    unknown = connection.execute("""
        select count(*) from vault.ledger.deliveries where source is null and verdict = 'rejected'
    """).fetchone()[0]
    if unknown:
        print(f"\n{unknown} rejected files were not recognised as any source; see their reports.")
