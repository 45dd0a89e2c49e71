"""Charts of series: months with control limits, the concentration curve, small multiples by ward."""

from itertools import pairwise

import altair as alt

from swp.report import wording
from swp.report.look import DARK, FULL, HALF, LIGHT, MIDDLE, TITLES, Drawing, data
from swp.report.reader import Observation, Published
from swp.report.statements import selector
from swp.report.wording import Labels

YEAR_OF_MONTHS = 12
# Limits of an individuals chart: three standard deviations, worked out from the mean moving range.
MOVING_RANGE_TO_LIMIT = 2.66
MONTH, ROLLING, LIMITS = "Month", "Mean of twelve months", "Control limits"


def rolling_means(values: list[float]) -> list[float | None]:
    """The mean of each month and the eleven before it; None where fewer are known."""
    return [
        sum(values[place + 1 - YEAR_OF_MONTHS : place + 1]) / YEAR_OF_MONTHS
        if place + 1 >= YEAR_OF_MONTHS
        else None
        for place in range(len(values))
    ]


def control_limits(values: list[float]) -> tuple[float, float]:
    """Lower (never below nought) and upper limit of an individuals chart over at least two values."""
    mean = sum(values) / len(values)
    moves = [abs(after - before) for before, after in pairwise(values)]
    reach = MOVING_RANGE_TO_LIMIT * sum(moves) / len(moves)
    return max(0.0, mean - reach), mean + reach


def trend(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """A month's values with the mean of twelve months and control limits."""
    months = [row for row in published.months(spec["measure"], **selector(spec)) if row.value is not None]
    if len(months) < 2:
        return None
    values = [row.value for row in months]
    means, (lower, upper) = rolling_means(values), control_limits(values)
    outside = [f"{row.period_start:%B %Y}" for row in months if not lower <= row.value <= upper]
    told = (
        f"Outside the control limits: {wording.listed(outside)}."
        if outside
        else "No month is outside the limits."
    )
    highest, lowest = max(months, key=lambda row: row.value), min(months, key=lambda row: row.value)
    alt_text = (
        f"Line of months from {months[0].period_start:%B %Y} to {months[-1].period_start:%B %Y}. Highest "
        f"{wording.shown(highest)} in {highest.period_start:%B %Y}, lowest {wording.shown(lowest)} in "
        f"{lowest.period_start:%B %Y}, last {wording.shown(months[-1])}. {told}"
    )
    table = [
        [
            f"{row.period_start:%B %Y}",
            wording.shown(row),
            wording.NONE if mean is None else wording.value(mean, row.unit),
        ]
        for row, mean in zip(months, means, strict=True)
    ]
    drawn = [
        {
            "month": row.period_start.isoformat(),
            "value": row.value,
            "rolling": mean,
            "outside": not lower <= row.value <= upper,
        }
        for row, mean in zip(months, means, strict=True)
    ]
    half = bool(spec.get("half"))
    chart = _trend_drawn(drawn, lower, upper, months[0].unit, half)
    note = f"Thick line: mean of twelve months; dashed: control limits. {told}" if half else told
    return Drawing(chart, alt_text, [MONTH, "Value", ROLLING], table, note)


def _trend_drawn(rows: list[dict], lower: float, upper: float, unit: str, half: bool):
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=[MONTH, ROLLING, LIMITS], range=[LIGHT, DARK, MIDDLE]),
        title=None,
        legend=None if half else alt.Legend(columns=3),
    )
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%b %y", tickCount=4 if half else 10, grid=False))
    y = alt.Y("value:Q", title=TITLES[unit], scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=5))
    base = alt.Chart(data(rows)).encode(x=x)
    limits = alt.Chart(data([{"limit": limit, "kind": LIMITS} for limit in (lower, upper)]))
    limits = limits.mark_rule(strokeDash=[4, 3], strokeWidth=1.2).encode(y="limit:Q", color=colour)
    line = base.transform_calculate(kind=f"'{MONTH}'").mark_line(strokeWidth=1.5).encode(y=y, color=colour)
    # A month outside the limits differs in shape and size too: colour alone tells nothing in grey.
    points = base.mark_point(filled=True, opacity=1).encode(
        y="value:Q",
        shape=alt.condition("datum.outside", alt.value("diamond"), alt.value("circle")),
        color=alt.condition("datum.outside", alt.value(MIDDLE), alt.value(LIGHT)),
        size=alt.condition("datum.outside", alt.value(70), alt.value(22)),
    )
    rolling = base.transform_filter("isValid(datum.rolling)").transform_calculate(kind=f"'{ROLLING}'")
    rolling = rolling.mark_line(strokeWidth=2.6).encode(y="rolling:Q", color=colour)
    return alt.layer(limits, line, points, rolling).properties(
        width=HALF if half else FULL, height=95 if half else 170
    )


def curve(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """The running share of crime from the most affected area on, beside the line of an even spread."""
    found = published.observations(spec["measure"], **selector(spec))
    known = sorted((row for row in found if row.value is not None), key=lambda row: int(row.category))
    if not known:
        return None
    count = len(known)
    rows = [{"areas": 0, "value": 0, "previous": 0, "even": 0}] + [
        {
            "areas": int(row.category),
            "value": row.value,
            "previous": row.previous_value,
            "even": int(row.category) / count * 100,
        }
        for row in known
    ]
    lines = [("value", "This period"), ("previous", "The period before"), ("even", "An even spread")]
    lines = [line for line in lines if any(row[line[0]] is not None for row in rows[1:])]
    scale = alt.Scale(domain=[name for _, name in lines], range=[DARK, MIDDLE, "#9aa5af"])
    dashes = alt.Scale(domain=[name for _, name in lines], range=[[1, 0], [5, 3], [2, 2]])
    long_rows = [
        {"areas": row["areas"], "share": row[key], "line": name}
        for key, name in lines
        for row in rows
        if row[key] is not None
    ]
    chart = (
        alt.Chart(data(long_rows))
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X(
                "areas:Q",
                title="Areas, the most affected first",
                scale=alt.Scale(domain=[0, count], nice=False),
            ),
            y=alt.Y("share:Q", title="Per cent of crime", scale=alt.Scale(domain=[0, 100])),
            color=alt.Color("line:N", scale=scale, title=None),
            strokeDash=alt.StrokeDash("line:N", scale=dashes, title=None),
        )
        .properties(width=FULL, height=210)
    )
    half = next((row["areas"] for row in rows if row["value"] >= 50), count)
    alt_text = (
        f"Concentration curve over {count} areas: the most affected holds {rows[1]['value']:.1f}% and {half} "
        "areas hold half of all crime."
    )
    table = [[str(row["areas"]), f"{row['value']:.1f}%"] for row in rows[1:]]
    return Drawing(chart, alt_text, ["Areas", "Running share"], table)


def multiples(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """A small line of months for each ward, each on its own scale."""
    months = [
        row
        for row in published.months(spec["measure"], area="ward", **selector(spec))
        if row.value is not None
    ]
    if not months:
        return None
    by_ward: dict[str, list[Observation]] = {}
    for row in months:
        by_ward.setdefault(row.area_name, []).append(row)
    rows = [
        {"ward": row.area_name, "month": row.period_start.isoformat(), "value": row.value} for row in months
    ]
    chart = (
        alt.Chart(data(rows))
        .mark_area(color=LIGHT, line={"color": DARK, "strokeWidth": 1.2}, interpolate="linear")
        .encode(
            x=alt.X(
                "month:T", title=None, axis=alt.Axis(format="%b %y", tickCount=2, grid=False, labelFontSize=9)
            ),
            y=alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=3, labelFontSize=9)),
        )
        .properties(width=66, height=46)
        .facet(
            facet=alt.Facet("ward:N", title=None, header=alt.Header(labelFontSize=9.5, labelPadding=2)),
            columns=5,
            spacing={"row": 10, "column": 8},
        )
        .resolve_scale(y="independent")
        .resolve_axis(x="independent")
    )
    told = "; ".join(
        f"{ward} from {wording.shown(line[0])} to {wording.shown(line[-1])}"
        for ward, line in sorted(by_ward.items())
    )
    columns = ["Ward", "First month", "Last month", "Highest"]
    table = [
        [
            ward,
            wording.shown(line[0]),
            wording.shown(line[-1]),
            wording.shown(max(line, key=lambda row: row.value)),
        ]
        for ward, line in sorted(by_ward.items())
    ]
    return Drawing(
        chart,
        f"A small chart of months for each ward: {told}.",
        columns,
        table,
        "Each ward has a scale of its own: compare shapes, not heights.",
    )
