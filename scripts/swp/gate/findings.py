"""Findings in a partner's words: what is wrong, where, and what to do. Never a value of a cell."""

from dataclasses import dataclass
from typing import Any

from swp.contracts import Column, Contract
from swp.gate.judgement import Check
from swp.gate.profile import ColumnProfile, Profile
from swp.reading.wording import quoted

TYPE_WORDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date",
    "month": "a month",
    "timestamp": "a date and time",
    "timestamp_utc": "a date and time in UTC",
}


@dataclass(frozen=True)
class Finding:
    """The result of one check on one delivery. `count` is what failed, `tested` what was looked at."""

    check: str
    severity: str
    passed: bool
    message: str
    dimension: str
    column: str | None = None
    count: int | None = None
    tested: int | None = None


def stated_type(column: Column) -> str:
    """What the contract wants in the column, with an example of its format."""
    words = TYPE_WORDS.get(column.type, "text")
    if not column.formats:
        return words
    example = column.formats[0]
    for code, text in (("%Y", "2023"), ("%m", "09"), ("%d", "30"), ("%b", "Sep"), ("%y", "23")):
        example = example.replace(code, text)
    for code, text in (("%H", "23"), ("%M", "35"), ("%S", "00")):
        example = example.replace(code, text)
    return f"{words} such as {example}"


def _percent(share: float) -> str:
    return f"{share:.1f}%"


def _about_column(check: Check, found: ColumnProfile) -> tuple[str, int, int]:
    column = check.column
    ask = f" {column.asking}" if column.asking else ""
    harmed = f" Needed for {', '.join(column.serves)}." if column.serves else ""
    if check.name == "column_is_delivered":
        return f"The column '{column.label}' is not in the file.{harmed}{ask}", 1, 1
    if check.name == "column_is_filled":
        return (
            f"'{column.label}' is blank in {found.blank:,} of {found.applicable:,} rows ("
            f"{_percent(found.blank_pct)}; up to {_percent(column.max_blank_pct)} is accepted).{harmed}{ask}",
            found.blank,
            found.applicable,
        )
    filled = found.applicable - found.blank
    if check.name == "values_parse":
        return (
            f"{found.unparseable:,} of {filled:,} values of '{column.label}' do not read as "
            f"{stated_type(column)}; they count as unknown.",
            found.unparseable,
            filled,
        )
    return (
        f"{found.out_of_list:,} of {filled:,} values of '{column.label}' are not in its code list "
        f"({column.code_list.seed}); "
        + ("their rows are set aside." if column.code_list.reject else "they are kept as unclassified."),
        found.out_of_list,
        filled,
    )


def _about_file(
    check: Check,
    contract: Contract,
    profile: Profile,
    numbers: dict[str, float],
    unexpected: list[str],
    faults: str,
) -> tuple[str, int, int]:
    rows = profile.rows
    quarantined, delivered = int(numbers["quarantined"]), int(numbers["rows"])
    if check.name == "exact_duplicates":
        fate = (
            "set aside when counting" if contract.exact_duplicates == "set_aside" else "kept and counted here"
        )
        count = profile.exact_duplicates
        return f"{count:,} rows are exact copies of an earlier row; they are {fate}.", count, rows
    if check.name == "repeated_key":
        labels = " + ".join(contract.column(name).label for name in contract.keys)
        count = profile.repeated_keys
        return f"{count:,} rows repeat the {labels} of an earlier row; one row of each is used.", count, rows
    if check.name == "unexpected_column":
        return (
            f"The file has columns that the contract does not know: {quoted(unexpected)}. They are kept in "
            "the vault, unread, until somebody classifies them.",
            len(unexpected),
            len(unexpected),
        )
    if check.name == "row_faults":
        return (
            f"{quarantined:,} of {delivered:,} rows cannot be used: {faults}. Please correct them and send "
            "them again.",
            quarantined,
            delivered,
        )
    if check.name == "quarantined_rows_within_limit":
        return (
            f"{quarantined:,} of {delivered:,} rows ({_percent(numbers['quarantined_pct'])}) cannot be used; "
            f"up to {_percent(contract.max_quarantined_pct)} is accepted. The whole file is refused.",
            quarantined,
            delivered,
        )
    if check.name == "partial_scope":
        reasons = sorted({scope.reason for scope in profile.scopes if scope.reason})
        return (
            f"The file is partial: it {'; '.join(reasons)}. It is taken, but replaces no other delivery.",
            sum(not scope.complete for scope in profile.scopes),
            len(profile.scopes),
        )
    if check.name == "blank_month_cells":
        count = profile.blank_pattern_cells
        return (
            f"{count:,} cells of the month columns are blank; they count as unknown, not as 0.",
            count,
            rows,
        )
    return "The file has no rows.", 0, 0


def of_file(
    check: Check,
    failed: bool,
    contract: Contract,
    profile: Profile,
    numbers: dict[str, float],
    unexpected: list[str],
    faults: str,
) -> Finding:
    """The finding of a check on the file as a whole; `faults` says in words which rows cannot be used."""
    if check.column:
        about = next(item for item in profile.columns if item.column is check.column)
        message, count, tested = _about_column(check, about)
        label = check.column.label
    else:
        message, count, tested = _about_file(check, contract, profile, numbers, unexpected, faults)
        label = None
    return Finding(
        check.name,
        check.severity,
        not failed,
        message if failed else "",
        check.dimension,
        label,
        count if failed else 0,
        tested,
    )


def of_months(check: Check, months: list[str], frame: list[dict[str, Any]]) -> Finding:
    """The finding of a check on the months of the file; `months` are those that fail."""
    rows = {row["month"]: row for row in frame}
    told = []
    for month in months[:12]:
        row = rows[month]
        if check.name == "month_is_cut_short":
            told.append(f"{month} has nothing after {row['last_day']:%d %B %Y}")
        elif check.name == "month_is_missing":
            told.append(f"{month} is missing")
        else:
            told.append(f"{month} has {row['rows']:,} rows, usually {row['usual']:,.0f}")
    more = f" and {len(months) - 12} more" if len(months) > 12 else ""
    remedy = {
        "month_is_cut_short": " It is treated as a partial month. Please send the rest.",
        "month_is_missing": " Please send it.",
        "month_volume_is_usual": " Please check that nothing is missing or doubled.",
    }[check.name]
    return Finding(
        check.name,
        check.severity,
        not months,
        "; ".join(told) + more + "." + remedy if months else "",
        check.dimension,
        None,
        len(months),
        len(frame),
    )
