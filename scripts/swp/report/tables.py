"""Tables inside chapters: observations of a measure, wards by measures, and the recommendations."""

from swp.report import wording
from swp.report.blocks import Table
from swp.report.statements import selector, short_change

NONE = "–"


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
            short_change(row) if row.value is not None else NONE,
            wording.number(row.unknown_count) if row.unknown_count is not None else NONE,
        ]
        for row in found
    ]
    note = wording.period(found[0].period_start, found[0].period_end) + "."
    return [Table(spec["key"], spec["caption"], columns, rows, "lrrlr", note, [2.6, 1.1, 1.7, 2.3, 0.9])]


def by_ward(composer, spec: dict) -> list:
    """A row for each ward, a column for each of the entries in `columns`."""
    columns = ["Ward"]
    cells: dict[str, list[str]] = {name: [] for _, name in composer.published.wards()}
    for entry in spec["columns"]:
        columns.append(entry["label"])
        rows = composer.published.observations(entry["measure"], **({"area": "ward"} | selector(entry)))
        by_name = {row.area_name: row for row in rows}
        for name, line in cells.items():
            line.append(wording.shown(by_name[name]) if name in by_name else wording.MISSING)
    if not cells:
        return [composer.statements.gap(spec["columns"][0]["measure"], None)]
    rows = [[name, *line] for name, line in cells.items()]
    widths = [2.2] + [1.0] * len(spec["columns"])
    return [
        Table(
            spec["key"],
            spec["caption"],
            columns,
            rows,
            "l" + "r" * len(spec["columns"]),
            widths=widths,
            wide=spec.get("wide", False),
        )
    ]


def recommendations(composer, spec: dict) -> list:
    """A row for each recommendation: its evidence, the direction, and whether the data suffice."""
    published = composer.published
    ready = {row["recommendation_id"]: row for row in published.rows("quality.recommendation_readiness")}
    rows = []
    for known in published.rows("reference.recommendations", "order by recommendation_id"):
        evidence, direction = _evidence(composer, spec["evidence"].get(known["recommendation_id"]))
        verdict = ready.get(known["recommendation_id"])
        status = (
            wording.READINESS.get(verdict["verdict"], verdict["verdict"])
            if verdict
            else "not in this profile"
        )
        rows.append([known["recommendation_id"], known["short_name"], evidence, direction, status])
    columns = ["No.", "Recommendation", "Evidence", "Direction", "Data"]
    return [Table(spec["key"], spec["caption"], columns, rows, "lllll", widths=[0.6, 1.9, 3.4, 1.7, 1.3])]


def _evidence(composer, entry: dict | None) -> tuple[str, str]:
    if entry is None:
        return wording.MISSING, NONE
    found = composer.published.observations(entry["measure"], **selector(entry))
    one = next((row for row in found if row.value is not None), None)
    name = entry.get("name") or composer.published.name_of(entry["measure"])
    if one is None:
        reason = found[0].status_reason if found else None
        return f"{name}: {wording.MISSING}. {reason or ''}".strip(), NONE
    base = f" of {wording.number(one.denominator)}" if one.denominator else ""
    unknown = f", {wording.number(one.unknown_count)} unknown" if one.unknown_count else ""
    return f"{name}: {wording.value(one.value, one.unit)}{base}{unknown}", short_change(one)


def _interval(row) -> str:
    if row.ci_lower is None or row.ci_upper is None:
        return NONE
    return f"{wording.value(row.ci_lower, row.unit)} to {wording.value(row.ci_upper, row.unit)}"


TABLES = {"measure": of_measure, "wards": by_ward, "recommendations": recommendations}
