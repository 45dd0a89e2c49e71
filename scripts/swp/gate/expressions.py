"""SQL expressions of one contract column, shared by row faults and profile. The casts are `vault.rules`."""

from swp.contracts import Column, Contract
from swp.vault import literal, quoted


def sql_list(values: tuple[str, ...] | list[str]) -> str:
    """A DuckDB list of strings."""
    return "[" + ", ".join(literal(value) for value in values) + "]::varchar[]"


def clean(contract: Contract, column: Column) -> str:
    """The delivered text without blanks and the contract's words for no value; null where nothing is left."""
    if not contract.null_values:  # a shorter expression for the same, of which a file needs hundreds
        return f"vault.rules.filled({quoted(column.name)})"
    return f"vault.rules.clean({quoted(column.name)}, {sql_list(contract.null_values)})"


def typed(contract: Contract, column: Column) -> str:
    """The value cast to the column's type; null where it does not parse or lies outside its range."""
    return _typed(column, clean(contract, column))


def _typed(column: Column, cleaned: str) -> str:
    formats = ", ".join(literal(text) for text in column.formats)
    cast = f"vault.rules.{column.type}_in({cleaned}, [{formats}])" if has_form(column) else cleaned
    if column.range is None:
        return cast
    low, high = column.range
    return f"case when {cast} between {low} and {high} then {cast} end"


def excused(column: Column) -> str:
    """May the column be blank in this row?"""
    return f"coalesce({column.blank_when}, false)" if column.blank_when else "false"


def has_form(column: Column) -> bool:
    """Is the column of a type that a value may fail to read as?"""
    return column.type not in ("text", "code", "json")


# What is said of a value that `clean` has cleaned.


def is_blank(column: Column, cleaned: str) -> str:
    """Blank although the contract wants a value in this row."""
    return f"({cleaned} is null and not {excused(column)})" if column.blank_when else f"({cleaned} is null)"


def is_unparseable(column: Column, cleaned: str) -> str:
    """There is a value, but not of the column's type."""
    return f"({cleaned} is not null and {_typed(column, cleaned)} is null)"


def is_out_of_list(column: Column, cleaned: str) -> str:
    """There is a value, but it is not in the column's code list."""
    values = sql_list(sorted(column.code_list.values) if column.code_list else [])
    return f"({cleaned} is not null and not list_contains({values}, vault.rules.name_key({cleaned})))"


def bad_pattern_headings(contract: Contract) -> str:
    """The headings of this row's pattern columns whose value does not parse, as a list."""
    pattern = contract.pattern
    cast = f"vault.rules.as_{pattern.type}(entry.value, [], {sql_list(contract.null_values)})"
    blank = f"vault.rules.clean(entry.value, {sql_list(contract.null_values)}) is null"
    return (
        f"list_transform(list_filter(map_entries({quoted(pattern.column)}), "
        f"lambda entry: not {blank} and {cast} is null), lambda entry: entry.key)"
    )
