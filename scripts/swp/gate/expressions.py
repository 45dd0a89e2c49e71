"""SQL expressions of one contract column, shared by row faults and profile. The casts are `vault.rules`."""

from swp.contracts import Column, Contract
from swp.vault import literal, quoted


def sql_list(values: tuple[str, ...] | list[str]) -> str:
    """A DuckDB list of strings."""
    return "[" + ", ".join(literal(value) for value in values) + "]::varchar[]"


def clean(contract: Contract, column: Column) -> str:
    """The delivered text without blanks and the contract's words for no value; null where nothing is left."""
    return f"vault.rules.clean({quoted(column.name)}, {sql_list(contract.null_values)})"


def typed(contract: Contract, column: Column) -> str:
    """The value cast to the column's type; null where it does not parse or lies outside its range."""
    formats = ", ".join(literal(text) for text in column.formats)
    cast = (
        f"vault.rules.as_{column.type}({quoted(column.name)}, [{formats}], {sql_list(contract.null_values)})"
    )
    if column.range is None:
        return cast
    low, high = column.range
    return f"case when {cast} between {low} and {high} then {cast} end"


def is_blank(contract: Contract, column: Column) -> str:
    """Blank although the contract wants a value in this row."""
    blank = f"{clean(contract, column)} is null"
    return f"({blank} and not {excused(column)})" if column.blank_when else f"({blank})"


def excused(column: Column) -> str:
    """May the column be blank in this row?"""
    return f"coalesce({column.blank_when}, false)" if column.blank_when else "false"


def is_unparseable(contract: Contract, column: Column) -> str:
    """There is a value, but not of the column's type."""
    if column.type in ("text", "code", "json"):
        return "false"
    return f"({clean(contract, column)} is not null and {typed(contract, column)} is null)"


def is_out_of_list(contract: Contract, column: Column) -> str:
    """There is a value, but it is not in the column's code list."""
    if column.code_list is None:
        return "false"
    values = sql_list(sorted(column.code_list.values))
    return (
        f"({clean(contract, column)} is not null and not "
        f"list_contains({values}, vault.rules.name_key({quoted(column.name)})))"
    )


def bad_pattern_headings(contract: Contract) -> str:
    """The headings of this row's pattern columns whose value does not parse, as a list."""
    pattern = contract.pattern
    cast = f"vault.rules.as_{pattern.type}(entry.value, [], {sql_list(contract.null_values)})"
    blank = f"vault.rules.clean(entry.value, {sql_list(contract.null_values)}) is null"
    return (
        f"list_transform(list_filter(map_entries({quoted(pattern.column)}), "
        f"lambda entry: not {blank} and {cast} is null), lambda entry: entry.key)"
    )
