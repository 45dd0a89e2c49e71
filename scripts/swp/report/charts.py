"""Charts over measures. Each takes a chapter's entry and gives a `Drawing`, or None where nothing is known."""

from itertools import pairwise

import altair as alt

from swp.report import wording
from swp.report.look import (
    CATEGORIES,
    CLASSES,
    DARK,
    FULL,
    HALF,
    INK,
    LIGHT,
    MIDDLE,
    PALE,
    ROW,
    Drawing,
    data,
)
from swp.report.reader import Observation, Published
from swp.report.statements import selector
from swp.report.wording import Labels

YEAR_OF_MONTHS = 12
# Limits of an individuals chart: three standard deviations, worked out from the mean moving range.
MOVING_RANGE_TO_LIMIT = 2.66
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WITHOUT_ORDER = 1000

TITLES = {
    "percent": "Per cent",
    "gbp": "£ million",
    "count": "Number",
    "per_day": "A day",
    "days": "Days",
    "ratio": "Ratio",
    "rank": "Rank",
    "areas": "Areas",
}


def trend(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """A month's values with the mean of twelve months and control limits."""
    months = [row for row in published.months(spec["measure"], **selector(spec)) if row.value is not None]
    if len(months) < 2:
        return None
    values = [row.value for row in months]
    mean = sum(values) / len(values)
    reach = (
        MOVING_RANGE_TO_LIMIT
        * sum(abs(b - a) for a, b in pairwise(values))
        / (len(values) - 1)
    )
    lower, upper = max(0.0, mean - reach), mean + reach
    rows = []
    for position, row in enumerate(months):
        year = values[position + 1 - YEAR_OF_MONTHS : position + 1] if position + 1 >= YEAR_OF_MONTHS else []
        rows.append(
            {
                "month": row.period_start.isoformat(),
                "value": row.value,
                "rolling": sum(year) / len(year) if year else None,
                "outside": not lower <= row.value <= upper,
            }
        )
    unit = months[0].unit
    width = HALF if spec.get("half") else FULL
    x = alt.X(
        "month:T",
        title=None,
        axis=alt.Axis(format="%b %y", tickCount=6 if spec.get("half") else 10, grid=False),
    )
    y = alt.Y("value:Q", title=TITLES[unit], scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=5))
    kinds = alt.Scale(
        domain=["Month", "Mean of twelve months", "Control limits"], range=[LIGHT, DARK, MIDDLE]
    )
    base = alt.Chart(data(rows)).encode(x=x)
    limits = (
        alt.Chart(
            data([{"limit": lower, "kind": "Control limits"}, {"limit": upper, "kind": "Control limits"}])
        )
        .mark_rule(strokeDash=[4, 3], strokeWidth=1.2)
        .encode(y="limit:Q", color=alt.Color("kind:N", scale=kinds, title=None))
    )
    line = (
        base.transform_calculate(kind="'Month'")
        .mark_line(strokeWidth=1.5)
        .encode(y=y, color=alt.Color("kind:N", scale=kinds))
    )
    points = base.mark_point(size=26, filled=True, opacity=1).encode(
        y="value:Q",
        shape=alt.Shape(
            "outside:N", scale=alt.Scale(domain=[False, True], range=["circle", "diamond"]), legend=None
        ),
        color=alt.condition("datum.outside", alt.value(MIDDLE), alt.value(LIGHT)),
        size=alt.condition("datum.outside", alt.value(70), alt.value(22)),
    )
    rolling = (
        base.transform_filter("isValid(datum.rolling)")
        .transform_calculate(kind="'Mean of twelve months'")
        .mark_line(strokeWidth=2.6)
        .encode(y="rolling:Q", color=alt.Color("kind:N", scale=kinds))
    )
    outside = [row for row, drawn in zip(months, rows, strict=True) if drawn["outside"]]
    first, last = months[0], months[-1]
    highest, lowest = max(months, key=lambda row: row.value), min(months, key=lambda row: row.value)
    told = (
        "No month lies outside the control limits."
        if not outside
        else "Outside the control limits: "
        + wording.listed([f"{row.period_start:%B %Y}" for row in outside])
        + "."
    )
    alt_text = (
        f"Line of months from {first.period_start:%B %Y} to {last.period_start:%B %Y}. Highest {wording.shown(highest)} in "
        f"{highest.period_start:%B %Y}, lowest {wording.shown(lowest)} in {lowest.period_start:%B %Y}, "
        f"last {wording.shown(last)}. {told}"
    )
    table = [
        [
            f"{row.period_start:%B %Y}",
            wording.shown(row),
            wording.value(drawn["rolling"], unit) if drawn["rolling"] else wording.NONE,
        ]
        for row, drawn in zip(months, rows, strict=True)
    ]
    chart = alt.layer(limits, line, points, rolling).properties(
        width=width, height=130 if spec.get("half") else 190
    )
    return Drawing(chart, alt_text, ["Month", "Value", "Mean of twelve months"], table, told)


def bars(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """A bar for each category or area, longest first, with its interval and the value of the period before."""
    found = published.observations(spec["measure"], **selector(spec))
    found = [row for row in found if row.category not in spec.get("leave_out", ["unknown"])]
    known = sorted((row for row in found if row.value is not None), key=lambda row: -row.value)
    if not known:
        return None
    lacking = [row for row in found if row.value is None]
    limit = spec.get("most") or len(known)
    drawn = [row for row in known[:limit] if row.value or not spec.get("without_zeros")]
    scale = wording.MILLION if drawn[0].unit == "gbp" else 1
    beside = _beside(published, spec)
    rows = [
        {
            "name": labels.of(row),
            "value": row.value / scale,
            "lower": _scaled(row.ci_lower, scale),
            "upper": _scaled(row.ci_upper, scale),
            "previous": _scaled(beside.get(_categories(row)) if beside else row.previous_value, scale),
            "shown": wording.shown(row),
        }
        for row in drawn
    ]
    rows += [{"name": labels.of(row), "value": 0, "shown": wording.shown(row)} for row in lacking[:limit]]
    width = (HALF if spec.get("half") else FULL) - 110
    order = [row["name"] for row in rows]
    y = alt.Y(
        "name:N",
        sort=order,
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=110 if spec.get("half") else 190),
    )
    top = max(max(row["value"], row.get("upper") or 0, row.get("previous") or 0) for row in rows)
    x = alt.X(
        "value:Q",
        title=TITLES[drawn[0].unit],
        scale=alt.Scale(domain=[0, top * 1.16], nice=False),
        axis=alt.Axis(tickCount=5),
    )
    base = alt.Chart(data(rows)).encode(y=y)
    layers = [base.mark_bar(color=LIGHT, height={"band": 0.7}).encode(x=x)]
    if any(row.get("lower") is not None for row in rows):
        layers.append(
            base.transform_filter("isValid(datum.lower)")
            .mark_rule(color=DARK, strokeWidth=1.6)
            .encode(x="lower:Q", x2="upper:Q")
        )
    with_previous = any(row.get("previous") is not None for row in rows)
    if with_previous:
        layers.append(
            base.transform_filter("isValid(datum.previous)")
            .mark_tick(color=MIDDLE, thickness=2.4, height={"band": 0.85})
            .encode(x="previous:Q")
        )
    layers.append(
        base.transform_calculate(edge="isValid(datum.upper) ? max(datum.upper, datum.value) : datum.value")
        .mark_text(align="left", dx=4, fontSize=10, color=INK)
        .encode(x="edge:Q", text="shown:N")
    )
    note = "Bars: the value"
    note += "; dark lines: its interval" if any(row.get("lower") is not None for row in rows) else ""
    marked = f"in {published.borough[1]}" if beside else "in the period before"
    note += f"; orange marks: {marked}." if with_previous else "."
    told = [f"{row['name']} {row['shown']}" for row in rows[:8]]
    alt_text = f"Bars for {len(rows)} items, longest first: {', '.join(told)}" + (
        "." if len(rows) <= 8 else " and more."
    )
    table = [_row(labels, row) for row in known[:limit] + lacking[:limit]]
    chart = alt.layer(*layers).properties(width=width, height=ROW * len(rows))
    return Drawing(chart, alt_text, ["Item", "Value", "Interval", "Period before", "Unknown"], table, note)


def stack(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """Shares of all records, the unknown among them, a bar for each of `measures` or for each second category."""
    lines: dict[str, dict[str, float]] = {}
    order: list[str] = []
    for entry in spec["bars"]:
        for row in published.observations(entry["measure"], **(selector(spec) | selector(entry))):
            if row.value is None and row.unknown_count is None:
                continue
            name = entry.get("name") or labels(row.category_2)
            part = labels(row.category)
            if row.category == "unknown":
                continue
            line = lines.setdefault(name, {})
            line["Unknown"] = row.unknown_count or 0
            line[part] = row.numerator or 0
            if part not in order:
                order.append(part)
    if not lines:
        return None
    order = [labels(code) for code in spec.get("order", [])] or order
    order = [*order, "Unknown"]
    rows, table = [], []
    for name, line in lines.items():
        total = sum(line.values()) or 1
        for position, part in enumerate(order):
            rows.append(
                {"bar": name, "part": part, "share": line.get(part, 0) / total * 100, "position": position}
            )
        table.append(
            [name, wording.number(total), *[f"{line.get(part, 0) / total * 100:.1f}%" for part in order]]
        )
    colours = [*CATEGORIES[: len(order) - 1], PALE]
    chart = (
        alt.Chart(data(rows))
        .mark_bar(stroke="white", strokeWidth=0.8, height={"band": 0.75})
        .encode(
            x=alt.X(
                "share:Q",
                title="Per cent of all records, unknown included",
                scale=alt.Scale(domain=[0, 100], nice=False),
            ),
            y=alt.Y("bar:N", sort=list(lines), title=None, axis=alt.Axis(ticks=False, domain=False)),
            color=alt.Color(
                "part:N",
                sort=order,
                scale=alt.Scale(domain=order, range=colours),
                title=None,
                legend=alt.Legend(columns=5),
            ),
            order="position:Q",
        )
        .properties(width=FULL - 110, height=(ROW + 5) * len(lines))
    )
    told = "; ".join(
        f"{row[0]}: " + ", ".join(f"{part} {share}" for part, share in zip(order, row[2:], strict=True))
        for row in table[:6]
    )
    return Drawing(
        chart,
        f"Stacked bars of shares. {told}.",
        ["Bar", "Records", *order],
        table,
        "Shares are of all records, so that the unknown part is seen beside the known.",
    )


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
                axis=alt.Axis(labelAngle=0, ticks=False, domain=False),
            ),
            y=alt.Y("down:N", sort=names, title=None, axis=alt.Axis(ticks=False, domain=False)),
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(range=list(CLASSES), type="quantize"),
                title=title,
                legend=alt.Legend(orient="bottom", format=".1f"),
            ),
        )
        .properties(width=FULL - 120, height=(ROW + 3) * len(names))
    )
    cells = {(row["down"], str(row["across"])): row["value"] for row in rows}
    table = [
        [name, *[f"{cells[name, column]:.1f}" if (name, column) in cells else wording.NONE for column in across]]
        for name in names
    ]
    peaks = [
        max((row for row in rows if row["down"] == name), key=lambda row: row["value"]) for name in names
    ]
    told = "; ".join(f"{row['down']} at {row['across']} ({row['value']:.1f})" for row in peaks[:8])
    return Drawing(chart, f"Heat map. Highest in each row: {told}.", ["Row", *across], table)


def mirror(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """Two groups back to back over the same ages: a pyramid."""
    sides = []
    for entry in spec["sides"]:
        found = published.observations(entry["measure"], **(selector(spec) | selector(entry)))
        sides.append(
            (entry["name"], [row for row in found if row.value is not None and row.category != "unknown"])
        )
    if not all(rows for _, rows in sides):
        return None
    return pyramid(
        [
            (name, [(labels(row.category), row.value) for row in rows], rows[0].unknown_count)
            for name, rows in sides
        ],
        "Per cent of those whose age is known",
    )


def pyramid(sides: list[tuple[str, list[tuple[str, float]], int | None]], title: str) -> Drawing:
    """A pyramid of two sides: name, (age band, value) pairs, and how many are of unknown age."""
    ages = sorted(dict.fromkeys(age for _, pairs, _ in sides for age, _ in pairs), key=_first_age)
    top = max(value for _, pairs, _ in sides for _, value in pairs) * 1.1
    panels = []
    for (name, pairs, _), colour, turned in zip(sides, (DARK, LIGHT), (True, False), strict=True):
        panels.append(
            alt.Chart(
                data([{"age": age, "value": value} for age, value in pairs]),
                title=alt.Title(name, fontSize=11, fontWeight="normal"),
            )
            .mark_bar(color=colour, height={"band": 0.8})
            .encode(
                x=alt.X(
                    "value:Q",
                    title=title,
                    scale=alt.Scale(domain=[0, top], nice=False, reverse=turned),
                    axis=alt.Axis(tickCount=4),
                ),
                y=alt.Y(
                    "age:N",
                    sort=ages[::-1],
                    title=None,
                    axis=None
                    if turned
                    else alt.Axis(ticks=False, domain=False, labelAlign="center", labelPadding=28),
                ),
            )
            .properties(width=190, height=(ROW + 3) * len(ages))
        )
    told = " ".join(
        f"{name}: "
        + ", ".join(f"{age} {value:.1f}" for age, value in pairs)
        + f"; age unknown of {wording.number(unknown or 0)}."
        for name, pairs, unknown in sides
    )
    columns = ["Age", *[name for name, _, _ in sides]]
    values = [dict(pairs) for _, pairs, _ in sides]
    table = [[age, *[f"{side[age]:.1f}" if age in side else wording.NONE for side in values]] for age in ages]
    unknown = [wording.number(count or 0) for _, _, count in sides]
    table.append(["Age unknown (records)", *unknown])
    note = (
        "Of unknown age: "
        + ", ".join(f"{name} {count}" for (name, _, _), count in zip(sides, unknown, strict=True))
        + "."
    )
    return Drawing(alt.hconcat(*panels, spacing=6), f"Pyramid by age. {told}", columns, table, note)


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
        .properties(width=FULL - 60, height=210)
    )
    half = next((row["areas"] for row in rows if row["value"] >= 50), count)
    alt_text = f"Concentration curve over {count} areas: the most affected holds {rows[1]['value']:.1f}% and {half} areas hold half of all crime."
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


def _beside(published: Published, spec: dict) -> dict[tuple, float]:
    """The values of the area that an entry wants beside its own, by category."""
    if "beside" not in spec:
        return {}
    chosen = selector(spec) | {"area": spec["beside"], "code": None}
    return {_categories(row): row.value for row in published.observations(spec["measure"], **chosen)}


def _categories(row: Observation) -> tuple:
    return row.category, row.category_2


def _scaled(amount: float | None, scale: float) -> float | None:
    return None if amount is None else amount / scale


def _row(labels: Labels, row: Observation) -> list[str]:
    bounds = (
        f"{wording.value(row.ci_lower, row.unit)} to {wording.value(row.ci_upper, row.unit)}"
        if row.ci_lower is not None
        else wording.NONE
    )
    previous = wording.value(row.previous_value, row.unit) if row.previous_value is not None else wording.NONE
    unknown = wording.number(row.unknown_count) if row.unknown_count is not None else wording.NONE
    return [labels.of(row), wording.shown(row), bounds, previous, unknown]


def _first_age(band: str) -> int:
    digits = "".join(letter if letter.isdigit() else " " for letter in band).split()
    if not digits:
        return WITHOUT_ORDER
    return -1 if band.lower().startswith("under") else int(digits[0])
