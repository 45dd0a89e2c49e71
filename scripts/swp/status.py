"""`swp status`: the ledger on the screen."""

import json

import duckdb

from swp.reading.wording import printable


def tell(connection: duckdb.DuckDBPyConnection, as_json: bool) -> None:
    """Print every delivery, latest last; with `as_json` one object a line."""
    rows = connection.execute("""
        select
            delivery_id, file_name, source, verdict, rows_delivered, rows_accepted, rows_quarantined,
            period_start, period_end, published_on, published_on_basis, is_partial, data_origin,
            content_sha256, withdrawn_at, retired_at
        from vault.ledger.deliveries
        left join (select delivery_id, withdrawn_at from vault.ledger.withdrawals) using (delivery_id)
        left join (select delivery_id, retired_at from vault.ledger.retirements) using (delivery_id)
        order by delivery_id
    """).fetchall()
    names = [column[0] for column in connection.description]
    found: dict[str, list[dict]] = {}
    for delivery_id, check, severity, column, count, message in connection.execute("""
        select delivery_id, check_name, severity, column_name, failing, message
        from vault.ledger.findings
        where not is_passed
    """).fetchall():
        found.setdefault(delivery_id, []).append(
            {"check": check, "severity": severity, "column": column, "count": count, "message": message}
        )
    if as_json:
        for row in rows:
            line = dict(zip(names, row, strict=True))
            line["file"] = line.pop("file_name")
            line["findings"] = found.get(line["delivery_id"], [])
            print(json.dumps(line, default=str, ensure_ascii=False))
        return
    print(
        f"{'id':6}{'source':26}{'period':18}{'published':12}{'accepted':>10}{'set aside':>10}  verdict, file"
    )
    for row in rows:
        line = dict(zip(names, row, strict=True))
        period = ""
        if line["period_start"]:
            period = f"{line['period_start']:%Y-%m} {line['period_end']:%Y-%m}"
        notes = len(found.get(line["delivery_id"], []))
        verdict = line["verdict"].replace("_", " ") + (f" ({notes})" if notes else "")
        if line["withdrawn_at"]:
            verdict = f"withdrawn on {line['withdrawn_at']:%Y-%m-%d}"
        if line["retired_at"]:
            verdict = f"past its retention, retired on {line['retired_at']:%Y-%m-%d}"
        partial = ", partial" if line["is_partial"] else ""
        print(
            f"{line['delivery_id']:6}{line['source'] or 'unknown':26}{period:18}{line['published_on']!s:12}"
            f"{line['rows_accepted']:>10,}{line['rows_quarantined']:>10,}  {verdict}{partial}, "
            f"{printable(line['file_name'])}"
        )
    origins = {row[names.index("data_origin")] for row in rows}
    if "synthetic" in origins:
        print("This home holds SYNTHETIC sample deliveries.")
