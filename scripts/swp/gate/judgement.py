"""Great Expectations judges the profile against what the contract allows.

Each check compares one metric of the file, or of each of its months, with a limit that the contract sets.
Results carry verdicts and month names, never values.
"""

import os
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from swp.contracts import Column, Contract
from swp.gate.profile import MonthProfile, Profile

# A month with fewer than half or more than twice the usual rows is far from the usual.
USUAL_LOW, USUAL_HIGH = 0.5, 2.0
# How many other months make "the usual".
USUAL_MONTHS = 4


@dataclass(frozen=True)
class Check:
    """One expectation: `metric` of the frame must not exceed `limit`."""

    name: str
    metric: str
    limit: float
    severity: str
    dimension: str
    column: Column | None = None


def checks_of(contract: Contract) -> list[Check]:
    """The checks that a contract demands of the file as a whole."""
    checks = [
        Check("file_has_rows", "lacks_rows", 0, "reject", "completeness"),
        Check(
            "quarantined_rows_within_limit",
            "quarantined_pct",
            contract.max_quarantined_pct,
            "reject",
            "validity",
        ),
        Check("row_faults", "quarantined", 0, "quarantine", "validity"),
        Check("exact_duplicates", "exact_duplicates", 0, "warning", "uniqueness"),
        Check("unexpected_column", "unexpected", 0, "warning", "consistency"),
        Check("partial_scope", "partial_scopes", 0, "warning", "completeness"),
    ]
    if contract.keys:
        checks.append(Check("repeated_key", "repeated_keys", 0, "warning", "uniqueness"))
    if contract.pattern:
        checks.append(Check("blank_month_cells", "blank_pattern_cells", 0, "warning", "completeness"))
    for column in contract.columns:
        severity = {"key": "reject", "required": "reject", "requested": "gap"}.get(column.need)
        if severity:
            absent = f"{column.name}__absent"
            blank = f"{column.name}__blank_pct"
            checks.append(Check("column_is_delivered", absent, 0, severity, "completeness", column))
            if column.need != "key":
                limit = column.max_blank_pct
                checks.append(Check("column_is_filled", blank, limit, severity, "completeness", column))
        if column.type not in ("text", "code", "json"):
            metric = f"{column.name}__unparseable"
            checks.append(Check("values_parse", metric, 0, "warning", "validity", column))
        if column.code_list:
            metric = f"{column.name}__out_of_list"
            checks.append(Check("values_in_code_list", metric, 0, "warning", "validity", column))
    return checks


MONTH_CHECKS = (
    Check("month_is_cut_short", "cut_short", 0, "warning", "completeness"),
    Check("month_is_missing", "missing", 0, "warning", "completeness"),
    Check("month_volume_is_usual", "unusual", 0, "warning", "consistency"),
)


def file_metrics(profile: Profile, quarantined: int, malformed: int, unexpected: int) -> dict[str, float]:
    """The one-row frame that the file checks look at."""
    rows = profile.rows + malformed
    metrics: dict[str, float] = {
        "rows": rows,
        "lacks_rows": int(rows == 0),
        "quarantined": quarantined,
        "quarantined_pct": 100 * quarantined / rows if rows else 0,
        "exact_duplicates": profile.exact_duplicates,
        "repeated_keys": profile.repeated_keys,
        "unexpected": unexpected,
        "partial_scopes": sum(not scope.complete for scope in profile.scopes),
        "blank_pattern_cells": profile.blank_pattern_cells,
    }
    for column in profile.columns:
        name = column.column.name
        metrics[f"{name}__absent"] = int(not column.delivered)
        metrics[f"{name}__blank_pct"] = column.blank_pct if column.delivered else 0
        metrics[f"{name}__unparseable"] = column.unparseable
        metrics[f"{name}__out_of_list"] = column.out_of_list
    return metrics


def _following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_metrics(
    profile: Profile, usual: dict[tuple[str, date], int], known_publishers: frozenset[str]
) -> list[dict[str, Any]]:
    """A row a month (missing ones between first and last included) for the month checks.

    `usual` holds the rows of earlier deliveries by publisher and month. A publisher that is not known may
    be any value of the file, so it is numbered, not named.
    """
    months: dict[tuple[str, date], MonthProfile] = {
        (month.publisher, month.month): month for month in profile.months
    }
    rows = []
    publishers = sorted({month.publisher for month in profile.months})
    for number, publisher in enumerate(publishers, start=1):
        whose = f" ({publisher})" if publisher in known_publishers else ""
        if not whose and len(publishers) > 1:
            whose = f" (publisher {number} of {len(publishers)})"
        mine = sorted(month for owner, month in months if owner == publisher)
        month = mine[0]
        while month <= mine[-1]:
            found = months.get((publisher, month))
            others = [usual[key] for key in usual if key[0] == publisher and key[1] != month]
            others += [
                other.rows
                for key, other in months.items()
                if key[0] == publisher and key[1] != month and key not in usual
            ]
            typical = median(others) if len(others) >= USUAL_MONTHS else None
            count = found.rows if found else 0
            rows.append(
                {
                    "month": f"{month:%Y-%m}{whose}",
                    "cut_short": int(bool(found and found.cut_short)),
                    "missing": int(found is None),
                    "unusual": int(
                        bool(found and typical) and not USUAL_LOW * typical <= count <= USUAL_HIGH * typical
                    ),
                    "last_day": found.last_day if found else None,
                    "rows": count,
                    "usual": typical,
                }
            )
            month = _following(month)
    return rows


def _great_expectations() -> tuple[Any, Any]:
    """A batch definition for frames in memory and the expectation; made late and once: it takes seconds."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations

    context = great_expectations.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("profile")
    frames = source.add_dataframe_asset("profile").add_batch_definition_whole_dataframe("all")
    within = great_expectations.expectations.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A="allowed", column_B="measured", or_equal=True
    )
    return frames, within


_library: tuple[Any, Any] | None = None


def failing(frame_rows: list[dict[str, Any]], checks: list[Check], key: str | None) -> dict[int, list[str]]:
    """Which checks fail on the frame: position in `checks` -> values of `key` in the failing rows.

    A row is judged by the checks of which it holds the metric: that of the file, and those of its months.
    The library is given the profile in long form, a row per check (and month) with what was measured and what
    the contract allows, and one expectation over it: what is measured is within what is allowed. An
    expectation per check says the same and takes ten times as long.
    """
    import pandas

    global _library
    _library = _library or _great_expectations()
    frames, within = _library
    long = [
        {
            "place": place,
            "key": row[key] if key else "",
            "allowed": check.limit,
            "measured": row[check.metric],
        }
        for row in frame_rows
        for place, check in enumerate(checks)
        if check.metric in row
    ]
    frame = pandas.DataFrame(long).astype({"allowed": float, "measured": float})
    result = frames.get_batch({"dataframe": frame}).validate(
        within,
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["place", "key"]},
    )
    if result.exception_info.get("raised_exception"):
        raise RuntimeError("The expectation over the profile did not run.")
    failures: dict[int, list[str]] = {}
    for row in result.result.get("unexpected_index_list") or []:
        failures.setdefault(int(row["place"]), []).extend([row["key"]] if key else [])
    return failures
