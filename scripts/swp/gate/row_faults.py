"""Row faults, found set-wise: a row that cannot be used is set aside with every reason."""

import duckdb

from swp.contracts import Contract
from swp.gate import expressions as sql
from swp.vault import literal

BLANK_KEY = "row_key_is_blank"
UNPARSEABLE = "row_value_does_not_parse"
OUT_OF_LIST = "row_value_not_in_code_list"
MALFORMED = "row_has_wrong_number_of_fields"


def _reason(condition: str, column: str, check: str) -> str:
    return (
        f"case when {condition} then {{'column_name': {literal(column)}, 'check_name': {literal(check)}}} end"
    )


def find(connection: duckdb.DuckDBPyConnection, contract: Contract, delivered: set[str]) -> int:
    """Fill temp table `faults` (row_number, reasons) from temp table `delivered`; return its rows.

    A row is faulty when a key column is blank, or a key or required column holds a value of the wrong type
    or (where the contract says so) outside its code list.
    """
    reasons = []
    for column in contract.required_columns:
        if column.name not in delivered:
            continue
        if column.need == "key":
            reasons.append(_reason(sql.is_blank(contract, column), column.label, BLANK_KEY))
        reasons.append(_reason(sql.is_unparseable(contract, column), column.label, UNPARSEABLE))
        if column.code_list and column.code_list.reject:
            reasons.append(_reason(sql.is_out_of_list(contract, column), column.label, OUT_OF_LIST))
    pattern = "[]"
    if contract.pattern:
        pattern = (
            f"list_transform({sql.bad_pattern_headings(contract)}, "
            f"lambda heading: {{'column_name': heading, 'check_name': {literal(UNPARSEABLE)}}})"
        )
    connection.execute(f"""
        create or replace temp table faults as
        select row_number, reasons
        from (
            select
                row_number,
                list_filter([{", ".join(reasons)}], lambda reason: reason is not null) || {pattern} as reasons
            from delivered
        )
        where len(reasons) > 0
    """)
    return connection.execute("select count(*) from faults").fetchone()[0]
