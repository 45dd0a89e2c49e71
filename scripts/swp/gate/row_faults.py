"""Row faults, found set-wise: a row that cannot be used is set aside with every reason."""

import duckdb

from swp.contracts import Contract
from swp.gate import expressions as sql
from swp.gate import flags
from swp.vault import literal

BLANK_KEY = "row_key_is_blank"
UNPARSEABLE = "row_value_does_not_parse"
OUT_OF_LIST = "row_value_not_in_code_list"
MALFORMED = "row_has_wrong_number_of_fields"
REASONS = {
    BLANK_KEY: "is blank, but identifies the row",
    UNPARSEABLE: "does not read as the type that the contract states",
    OUT_OF_LIST: "is not in the code list",
    MALFORMED: "the row has too many or too few fields",
}
# Kinds of fault, and rows of each, that a message names.
SHOWN_KINDS, SHOWN_ROWS = 8, 5


def _reason(condition: str, column: str, check: str) -> str:
    return (
        f"case when {condition} then {{'column_name': {literal(column)}, 'check_name': {literal(check)}}} end"
    )


def find(connection: duckdb.DuckDBPyConnection, contract: Contract, delivered: set[str]) -> int:
    """Fill temp table `faults` (row_number, reasons) from temp tables `delivered`, `flags`; return its rows.

    A row is faulty when a key column is blank, or a key or required column holds a value of the wrong type
    or (where the contract says so) outside its code list.
    """
    reasons = []
    told = flags.of_columns(contract)
    for column in contract.required_columns:
        if column.name not in delivered:
            continue
        if column.need == "key":
            reasons.append(_reason(told[column.name].blank, column.label, BLANK_KEY))
        reasons.append(_reason(told[column.name].unparseable, column.label, UNPARSEABLE))
        if column.code_list and column.code_list.reject:
            reasons.append(_reason(told[column.name].out_of_list, column.label, OUT_OF_LIST))
    pattern = "[]"
    if contract.pattern:
        pattern = (
            f"list_transform({sql.bad_pattern_headings(contract)}, "
            f"lambda heading: {{'column_name': heading, 'check_name': {literal(UNPARSEABLE)}}})"
        )
    rows = "flags"
    if contract.pattern:
        rows = "flags inner join delivered on flags.row_number = delivered.row_number"
    connection.execute(f"""
        create or replace temp table faults as
        select row_number, reasons
        from (
            select
                flags.row_number,
                list_filter([{", ".join(reasons)}], lambda reason: reason is not null) || {pattern} as reasons
            from {rows}
        )
        where len(reasons) > 0
    """)
    return connection.execute("select count(*) from faults").fetchone()[0]


def told(connection: duckdb.DuckDBPyConnection) -> str:
    """The faults of temp tables `faults` and `delivered_malformed` in words: columns and row numbers."""
    kinds = connection.execute(f"""
        select column_name, check_name, count(*), list(row_number order by row_number)[:{SHOWN_ROWS}]
        from (
            select row_number, reason.column_name, reason.check_name
            from (select row_number, unnest(reasons) as reason from faults)
            union all
            select row_number, null, {literal(MALFORMED)} from delivered_malformed
        )
        group by all
        order by count(*) desc, column_name, check_name
    """).fetchall()
    parts = []
    for label, check, rows, first in kinds[:SHOWN_KINDS]:
        column = f"'{label}' " if label else ""
        where = f"row{'s' if rows > 1 else ''} {', '.join(f'{number:,}' for number in first)}"
        more = f" and {rows - len(first):,} more" if rows > len(first) else ""
        parts.append(f"{column}{REASONS[check]} ({where}{more})")
    if len(kinds) > SHOWN_KINDS:
        parts.append(f"{len(kinds) - SHOWN_KINDS} further kinds of fault")
    return "; ".join(parts)
