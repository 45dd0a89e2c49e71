"""Tables inside chapters: observations of a measure, the recommendations, what could not be worked out."""

from datetime import date

from swp.report import wording
from swp.report.blocks import Gap, Table
from swp.report.statements import selector
from swp.report.wording import NONE

REASONS = 4


def of_measure(composer, spec: dict) -> list:
    """A row for each category or area of one measure: value, interval, change, unknown."""
    found = composer.published.observations(spec["measure"], **selector(spec))
    found = [row for row in found if row.category not in spec.get("leave_out", [])]
    if not found:
        return [composer.statements.gap(spec["measure"], None)]
    found.sort(key=lambda row: (row.value is None, -(row.value or 0)))
    columns = [spec.get("item", "Item"), "Value", "Interval", "Change on the period before", "Unknown"]
    rows = [
        [
            composer.labels.of(row),
            wording.shown(row),
            _interval(row),
            composer.statements.short_change(row) if row.value is not None else NONE,
            wording.number(row.unknown_count) if row.unknown_count is not None else NONE,
        ]
        for row in found
    ]
    note = wording.period(found[0].period_start, found[0].period_end) + "."
    return [Table(spec["key"], spec["caption"], columns, rows, "lrrlr", note, [2.6, 1.1, 1.7, 2.3, 0.9])]


def by_ward(composer, key: str, caption: str, entries: list[dict]) -> list:
    """A row for each ward, a column for each entry (label, measure, selection); set on its side."""
    cells: dict[str, list[str]] = {name: [] for _, name in composer.published.wards()}
    for entry in entries:
        found = composer.published.observations(entry["measure"], **({"area": "ward"} | selector(entry)))
        by_name = {row.area_name: row for row in found}
        for name, line in cells.items():
            line.append(wording.shown(by_name[name]) if name in by_name else wording.MISSING)
    if not cells:
        return [composer.statements.gap(entries[0]["measure"], None)]
    columns = ["Ward", *[entry["label"] for entry in entries]]
    rows = [[name, *line] for name, line in cells.items()]
    widths = [2.0] + [1.0] * len(entries)
    return [Table(key, caption, columns, rows, "l" + "r" * len(entries), widths=widths, wide=True)]


def recommendations(composer, spec: dict) -> list:
    """A row for each recommendation: its evidence, the direction, and whether the data suffice."""
    published = composer.published
    ready = {row["recommendation_id"]: row for row in published.rows("quality.recommendation_readiness")}
    rows = []
    for known in published.rows("reference.recommendations", "order by recommendation_id"):
        evidence, change = _evidence(composer, spec["evidence"].get(known["recommendation_id"]))
        verdict = ready.get(known["recommendation_id"])
        status = (
            wording.READINESS.get(verdict["verdict"], verdict["verdict"])
            if verdict
            else "not in this profile"
        )
        rows.append([known["recommendation_id"], known["short_name"], evidence, change, status])
    columns = ["No.", "Recommendation", "Evidence", "Direction", "Data"]
    return [Table(spec["key"], spec["caption"], columns, rows, "lllll", widths=[0.6, 1.9, 3.4, 1.7, 1.3])]


def whole(composer, spec: dict) -> list:
    """A published table of its own grain (from, where, columns with headings), or the gap."""
    found = _rows(composer, spec)
    if not found:
        return [_not_here(spec)]
    names = [name for name in spec["columns"] if name in found[0]]
    columns = [spec["columns"][name] for name in names]
    cells = [[_cell(row, name) for name in names] for row in found]
    table = Table(spec["key"], f"{spec['title']}.", columns, cells, widths=_widths(columns, cells), wide=True)
    return [table]


def counted(composer, spec: dict) -> list:
    """How many rows of a published table there are for each `down`, by each value of `across`."""
    found = _rows(composer, spec)
    if not found:
        return [_not_here(spec)]
    down = list(dict.fromkeys(str(row[spec["down"]]) for row in found))
    across = sorted({str(row[spec["across"]] or "unknown") for row in found})
    counts: dict[tuple[str, str], int] = {}
    for row in found:
        cell = str(row[spec["down"]]), str(row[spec["across"]] or "unknown")
        counts[cell] = counts.get(cell, 0) + 1
    rows = [[name, *[str(counts.get((name, value), 0)) for value in across]] for name in down]
    columns = [spec["item"], *[composer.labels(value) for value in across]]
    align = "l" + "r" * len(across)
    return [Table(spec["key"], f"{spec['title']}.", columns, rows, align, widths=[3.0] + [1.0] * len(across))]


def _rows(composer, spec: dict) -> list[dict]:
    published = composer.published
    return published.rows(spec["from"], spec["where"].format(period_start=published.period_start))


def _not_here(spec: dict) -> Gap:
    reason = f"The table {spec['from']} is not in this profile, or holds nothing."
    return Gap(f"{spec['title']}: {wording.MISSING}", reason)


def unmeasured(composer, sections: list[str]) -> list:
    """How many printed figures of `sections` cannot be worked out, and what they need."""
    listed = ", ".join("'" + section.replace("'", "''") + "'" for section in sections)
    figures = composer.published.rows(
        "quality.figure_reconciliation", f"where section in ({listed}) and verdict <> 'context'"
    )
    lacking = [row for row in figures if row["verdict"] == "not_computable"]
    if not lacking:
        return []
    reasons: dict[str, int] = {}
    for row in lacking:
        reasons[row["reason"]] = reasons.get(row["reason"], 0) + 1
    ordered = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [
        f"{reason} ({count} {'figure' if count == 1 else 'figures'})" for reason, count in ordered[:REASONS]
    ]
    more = sum(count for _, count in ordered[REASONS:])
    told += [f"Other reasons: {more} figures."] if more else []
    title = f"{len(lacking)} of {len(figures)} figures printed here last time cannot be worked out yet"
    return [
        Gap(
            title, "They are listed in the reconciliation; what they need, by how many figures need it:", told
        )
    ]


def _evidence(composer, entry: dict | None) -> tuple[str, str]:
    if entry is None:
        return wording.MISSING, NONE
    found = composer.published.observations(entry["measure"], **selector(entry))
    one = next((row for row in found if row.value is not None), None)
    name = entry.get("name") or composer.published.name_of(entry["measure"])
    if one is None:
        reason = found[0].status_reason if found else None
        return f"{name}: {wording.MISSING}. {reason or ''}".strip(), NONE
    base = f" of {wording.number(one.denominator)}" if one.denominator and one.unit == "percent" else ""
    unknown = f", {wording.number(one.unknown_count)} unknown" if one.unknown_count else ""
    evidence = f"{name}: {wording.value(one.value, one.unit)}{base}{unknown}"
    return evidence, composer.statements.direction(one)


def _interval(row) -> str:
    if row.ci_lower is None or row.ci_upper is None:
        return NONE
    return f"{wording.value(row.ci_lower, row.unit)} to {wording.value(row.ci_upper, row.unit)}"


def _cell(row: dict, name: str) -> str:
    """A cell of a table of its own grain; a value that is lacking says why."""
    value = row[name]
    if value is None:
        status = row.get("status")
        return wording.STATUS_MARKS.get(status, NONE) if name == "value" else NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return wording.number(value, 1)
    return wording.day(value) if isinstance(value, date) else str(value).replace("_", " ")


def _widths(columns: list[str], cells: list[list[str]]) -> list[float]:
    """Widths by the square root of the longest cell: a long text is given more, but not all."""
    return [
        max(len(column), *(len(row[place]) for row in cells), 4) ** 0.5
        for place, column in enumerate(columns)
    ]


TABLES = {"measure": of_measure, "recommendations": recommendations, "whole": whole, "counted": counted}
