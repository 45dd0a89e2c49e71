"""Heat maps of hours and weekdays."""

import altair as alt

from swp.report import wording
from swp.report.look import CLASSES, FULL, ROW, Drawing, data
from swp.report.reader import Published
from swp.report.statements import selector
from swp.report.wording import Labels

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def heatmap(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """A grid of shares: hours across, and weekdays or kinds of record down."""
    found = published.observations(spec["measure"], **selector(spec))
    down = spec.get("down", "category_2")
    known = [row for row in found if row.value is not None]
    if not known:
        return None
    rows = [
        {
            "across": row.category if row.category not in WEEKDAYS else row.category[:3],
            "down": labels(getattr(row, down)),
            "value": row.value,
            "hour": int(row.category) if row.category.isdigit() else WEEKDAYS.index(row.category),
        }
        for row in known
    ]
    return grid(rows, "Hour of the day" if known[0].category.isdigit() else None, "Per cent of its row")


def grid(rows: list[dict], across_title: str | None, title: str) -> Drawing:
    """A heat map of `rows`, each with `across`, `hour` (its order), `down` and `value`."""
    names = list(dict.fromkeys(row["down"] for row in rows))
    across = [
        str(name)
        for name in dict.fromkeys(row["across"] for row in sorted(rows, key=lambda row: row["hour"]))
    ]
    chart = (
        alt.Chart(data(rows))
        .mark_rect(stroke="white", strokeWidth=0.6)
        .encode(
            x=alt.X(
                "across:O",
                sort=across,
                title=across_title,
                axis=alt.Axis(labelAngle=0, labelFontSize=9, ticks=False, domain=False),
            ),
            y=alt.Y("down:N", sort=names, title=None, axis=alt.Axis(ticks=False, domain=False)),
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(range=list(CLASSES), type="quantize"),
                title=title,
                legend=alt.Legend(orient="bottom", format=".1f"),
            ),
        )
        .properties(width=FULL, height=(ROW + 3) * len(names))
    )
    cells = {(row["down"], str(row["across"])): row["value"] for row in rows}
    table = [
        [
            name,
            *[f"{cells[name, column]:.1f}" if (name, column) in cells else wording.NONE for column in across],
        ]
        for name in names
    ]
    peaks = [
        max((row for row in rows if row["down"] == name), key=lambda row: row["value"]) for name in names
    ]
    told = "; ".join(f"{row['down']} at {row['across']} ({row['value']:.1f})" for row in peaks[:8])
    return Drawing(chart, f"Heat map. Highest in each row: {told}.", ["Row", *across], table)
