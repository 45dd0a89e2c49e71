"""`swp trace`: from one number of a mart back to what it means and to the deliveries behind it."""

import json
from typing import Any

import duckdb

from swp.contracts import load_contracts
from swp.errors import SwpError
from swp.paths import Home
from swp.vault import quoted

# Kept rows of these facts name the delivery that they came from; counts of areas name its day of publication.
_KEPT_ROWS = """
    select table_name
    from duckdb_columns()
    where schema_name = 'core' and starts_with(table_name, 'fct_') and not internal
        and table_name not in ('fct_deliveries', 'fct_field_completeness')
    group by table_name
    having list_contains(list(column_name), 'delivery_id') and list_contains(list(column_name), 'source')
    order by table_name
"""


def trace(home: Home, observation_key: str) -> dict[str, Any]:
    """All that leads from an observation to its deliveries: as readers have it now, else as it was built.

    Keys: `read_from`, `observation`, `measure`, `definition`, `recommendations`, and `sources`, each with
    its `coverage`, `deliveries` and `gaps`. Raises SwpError where nothing is built, or no observation has
    this key.
    """
    published = home.current_publication / "internal" / "community_safety.duckdb"
    file = published if published.exists() else home.warehouse
    if not file.exists():
        raise SwpError("Nothing is built yet. Run 'swp land' and 'swp build' first.")
    try:
        connection = duckdb.connect(str(file), read_only=True)
    except duckdb.IOException:
        raise SwpError(f"{file} is being built; wait until that has finished, then trace again.") from None
    with connection:
        found = _rows(
            connection, "select * from measures.measures_all where observation_key = ?", observation_key
        )
        if not found:
            raise SwpError(
                f"No observation has the key {observation_key}. Copy observation_key from a row of any mart; "
                "keys stay the same from build to build, but a row can cease to exist."
            )
        (observation,) = found
        return {
            "read_from": str(file),
            "observation": observation,
            "measure": _one(
                connection, "select * from core.dim_measure where measure_id = ?", observation["measure_id"]
            ),
            "definition": _one(
                connection,
                "select * from core.dim_definition where definition_id = ?",
                observation["definition_id"],
            ),
            "recommendations": _recommendations(connection, observation["measure_id"]),
            "sources": [
                _source(connection, source_id, observation)
                for source_id in (observation["source_ids"] or "").split(",")
                if source_id
            ],
        }


def _rows(connection: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[dict[str, Any]]:
    cursor = connection.execute(query, list(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _one(connection: duckdb.DuckDBPyConnection, query: str, *values: object) -> dict[str, Any] | None:
    return next(iter(_rows(connection, query, *values)), None)


def _recommendations(connection: duckdb.DuckDBPyConnection, measure_id: str) -> list[dict[str, Any]]:
    return _rows(
        connection,
        """
        select recommendation_id, short_name, mart_name
        from reference.recommendation_measures
        inner join core.dim_recommendation using (recommendation_id)
        where measure_id = ?
        order by recommendation_id
        """,
        measure_id,
    )


def _source(
    connection: duckdb.DuckDBPyConnection, source_id: str, observation: dict[str, Any]
) -> dict[str, Any]:
    contracts = sorted(name for name, contract in load_contracts().items() if contract.source_id == source_id)
    period = (observation["period_start"], observation["period_end"])
    described = _one(
        connection, "select source_name, supplier, caveat from core.dim_source where source_id = ?", source_id
    )
    return {
        "source_id": source_id,
        **(described or {"source_name": None, "supplier": None, "caveat": None}),
        "coverage": _coverage(connection, contracts, *period),
        "deliveries": _deliveries(connection, contracts, *period, observation["as_at_date"]),
        "gaps": _gaps(connection, contracts, observation["measure_id"]),
    }


def _coverage(connection, contracts: list[str], start, end) -> list[dict[str, Any]]:
    """Per contract of which anything was delivered: months of the period, those covered, those that lack."""
    return _rows(
        connection,
        """
        with months as (
            select cast(range as date) as month
            from range(date_trunc('month', ?::timestamp), ?::timestamp, interval 1 month)
        ),
        sources as (
            select distinct source from core.bridge_covered_months where list_contains(?, source)
        )
        select
            sources.source,
            count(*) as months,
            count(covered.month) as months_covered,
            list(strftime(months.month, '%Y-%m') order by months.month)
                filter (covered.month is null) as months_lacking
        from sources
        cross join months
        left join core.bridge_covered_months as covered
            on sources.source = covered.source and months.month = covered.month
        group by sources.source
        order by sources.source
        """,
        start,
        end,
        contracts,
    )


def _deliveries(connection, contracts: list[str], start, end, as_at) -> list[dict[str, Any]]:
    """The accepted deliveries behind a number of the period, as at `as_at`: those of which rows were kept.

    A register or a list has no period and always counts. Where no fact says from which delivery a row came,
    `rows_kept` is empty.
    """
    tables = [name for (name,) in connection.execute(_KEPT_ROWS).fetchall()]
    kept = " union all ".join(
        f"select delivery_id, source from core.{quoted(table)} where list_contains(?, source)"
        for table in tables
    )
    return _rows(
        connection,
        f"""
        with kept as (
            select delivery_id, source, count(*) as rows_kept from ({kept}) group by all
            union all
            select deliveries.delivery_id, deliveries.source, count(*)
            from core.fct_recorded_crime_counts as counts
            inner join core.fct_deliveries as deliveries
                on counts.source = deliveries.source and counts.as_at_date = deliveries.published_on
            where list_contains(?, counts.source)
            group by all
        ),
        naming as (
            select distinct source from kept
        )
        select
            deliveries.delivery_id,
            deliveries.source,
            deliveries.file_name,
            deliveries.period_start,
            deliveries.period_end,
            deliveries.published_on,
            deliveries.published_on_basis,
            deliveries.rows_accepted,
            kept.rows_kept,
            deliveries.rows_quarantined
        from core.fct_deliveries as deliveries
        left join kept on deliveries.delivery_id = kept.delivery_id
        where list_contains(?, deliveries.source)
            and deliveries.verdict <> 'rejected'
            and coalesce(deliveries.period_start <= ?, true)
            and coalesce(deliveries.period_end >= ?, true)
            and coalesce(deliveries.published_on <= ?, true)
            and (kept.rows_kept > 0 or deliveries.source not in (select source from naming))
        order by deliveries.source, deliveries.published_on, deliveries.delivery_id
        """,
        *[contracts] * (len(tables) + 2),
        end,
        start,
        as_at,
    )


def _gaps(connection, contracts: list[str], measure_id: str) -> list[dict[str, Any]]:
    """What the sources are known to lack that a recommendation of the measure needs."""
    return _rows(
        connection,
        """
        select gap_key, source, label, kind, finding, status, recommendations, ask, asked_on, expires_on
        from quality.gap_register
        where list_contains(?, source)
            and exists (
                from reference.recommendation_measures as uses
                where uses.measure_id = ?
                    and list_contains(string_split(gap_register.recommendations, ','), uses.recommendation_id)
            )
        order by gap_key
        """,
        contracts,
        measure_id,
    )


def told(found: dict[str, Any]) -> str:
    """What `trace` found, as lines to read."""
    seen, measure, definition = found["observation"], found["measure"], found["definition"]
    lines = [
        f"{seen['measure_name']}: {_number(seen['value'])} {seen['unit']}",
        f"  {seen['area_name'] or seen['area_code']} ({seen['area_type']} {seen['area_code']}), "
        f"{seen['period_start']:%d %B %Y} to {seen['period_end']:%d %B %Y}",
    ]
    parts = [
        f"{seen[breakdown]}: {seen[category]}"
        for breakdown, category in (("breakdown", "category"), ("breakdown_2", "category_2"))
        if seen[breakdown] != "all"
    ]
    lines += [f"  {', '.join(parts)}"] if parts else []
    reason = f": {seen['status_reason']}" if seen["status_reason"] else ""
    lines.append(f"  status {seen['status']}{reason}")
    if seen["numerator"] is not None:
        unknown = f"; {seen['unknown_count']:,} unknown" if seen["unknown_count"] else ""
        base = f" of {_number(seen['denominator'])}" if seen["denominator"] is not None else ""
        lines.append(f"  {_number(seen['numerator'])}{base}{unknown}")
    if measure:
        lines += ["", "Measure", f"  {measure['measure_id']}: {measure['description']}"]
    if definition:
        lines += ["", "Definition", f"  {definition['name']} ({definition['definition_id']}): "]
        lines[-1] += str(definition["definition"])
        lines += [f"  parameters {definition['parameters']}"] if definition["parameters"] else []
        lines.append(f"  from {definition['source']}")
    lines += ["", "Recommendations"]
    lines += [
        f"  {use['recommendation_id']} {use['short_name']} (marts.{use['mart_name']})"
        for use in found["recommendations"]
    ] or ["  none uses this measure"]
    for source in found["sources"]:
        lines += _source_lines(source)
    if not found["sources"]:
        lines += ["", "Sources", "  none: nothing was delivered that this could come from"]
    lines += ["", f"Read from {found['read_from']}"]
    return "\n".join(lines)


def _source_lines(source: dict[str, Any]) -> list[str]:
    lines = ["", f"Source {source['source_id']}: {source['source_name']} ({source['supplier']})"]
    if source["caveat"]:
        lines.append(f"  caveat: {source['caveat']}")
    for covered in source["coverage"]:
        lacking = ", ".join(covered["months_lacking"] or [])
        lines.append(
            f"  {covered['source']}: {covered['months_covered']} of {covered['months']} months covered"
            + (f"; without {lacking}" if lacking else "")
        )
    for delivery in source["deliveries"]:
        kept = "" if delivery["rows_kept"] is None else f", {delivery['rows_kept']:,} rows in core"
        aside = f", {delivery['rows_quarantined']:,} set aside" if delivery["rows_quarantined"] else ""
        lines.append(
            f"  {delivery['delivery_id']} {delivery['file_name']}, published {delivery['published_on']} "
            f"({delivery['published_on_basis']}): {delivery['rows_accepted']:,} rows accepted{kept}{aside}"
        )
    if not source["deliveries"]:
        lines.append("  no delivery of this period")
    lines += [
        f"  gap, {gap['status']}: {gap['label']} ({gap['source']}): {gap['finding'] or gap['kind']}"
        for gap in source["gaps"]
    ]
    return lines


def _number(value: float | None) -> str:
    if value is None:
        return "no value"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def as_json(found: dict[str, Any]) -> str:
    """What `trace` found, as one JSON object; days in ISO form."""
    return json.dumps(found, ensure_ascii=False, default=str)
