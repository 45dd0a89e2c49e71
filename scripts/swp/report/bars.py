"""Bars: with intervals, stacked to a whole, and back to back by age."""

import altair as alt

from swp.report import wording
from swp.report.look import (
    CATEGORIES,
    DARK,
    FULL,
    HALF,
    HALF_ROW,
    INK,
    LIGHT,
    MIDDLE,
    PALE,
    ROW,
    TITLES,
    Drawing,
    broken,
    data,
)
from swp.report.reader import Observation, Published
from swp.report.statements import selector
from swp.report.wording import Labels

WITHOUT_ORDER = 1000
UNKNOWN = "Unknown"
# How many items a text alternative names before it stops.
TOLD = 8


def bars(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """A bar for each category or area, longest first, with its interval and what it is compared with."""
    found = published.observations(spec["measure"], **selector(spec))
    found = [row for row in found if row.category not in spec.get("leave_out", ["unknown"])]
    known = sorted((row for row in found if row.value is not None), key=lambda row: -row.value)
    if not known:
        return None
    limit = spec.get("most") or len(found)
    known = [row for row in known if row.value or not spec.get("without_zeros")][:limit]
    if not known:
        return None
    lacking = [row for row in found if row.value is None][: limit - len(known)]
    half, unit = spec.get("half"), found[0].unit
    beside = _beside(published, spec)
    rows = [_bar(labels, row, beside) for row in known]
    rows += [{"name": labels.of(row), "shown": wording.shown(row)} for row in lacking]
    for row in rows:
        row["drawn_name"] = broken(row["name"]) if half else row["name"]
    with_interval = any(row.get("upper") is not None for row in rows)
    with_mark = any(row.get("mark") is not None for row in rows)
    chart = _bars_drawn(rows, unit, half, with_interval, with_mark)
    marked = f"in {published.borough[1]}" if beside else "in the period before"
    note = "Dark lines: intervals. " if with_interval else ""
    note += f"Orange marks: {marked}." if with_mark else ""
    told = ", ".join(f"{row['name']} {row['shown']}" for row in rows[:TOLD])
    alt_text = f"Bars for {len(rows)} items, longest first: {told}" + (
        "." if len(rows) <= TOLD else " and more."
    )
    columns = ["Item", "Value", "Interval", "Compared with", "Unknown"]
    table = [_row(labels, row, beside) for row in known + lacking]
    return Drawing(chart, alt_text, columns, table, note.strip())


def _bar(labels: Labels, row: Observation, beside: dict[tuple, float]) -> dict:
    """What is drawn of `row`, pounds in millions."""
    scale = wording.MILLION if row.unit == "gbp" else 1
    mark = beside.get(_categories(row)) if beside else row.previous_value
    drawn = {"value": row.value, "lower": row.ci_lower, "upper": row.ci_upper, "mark": mark}
    scaled = {name: None if amount is None else amount / scale for name, amount in drawn.items()}
    return scaled | {"name": labels.of(row), "shown": wording.shown(row)}


def _bars_drawn(rows: list[dict], unit: str, half: bool | None, with_interval: bool, with_mark: bool):
    y = alt.Y(
        "drawn_name:N",
        sort=[row["drawn_name"] for row in rows],
        title=None,
        axis=alt.Axis(
            ticks=False,
            domain=False,
            labelExpr="split(datum.value, '\\n')",
            labelFontSize=9 if half else 10.5,
        ),
    )
    top = max(row.get(name) or 0 for row in rows for name in ("value", "upper", "mark"))
    x = alt.X(
        "value:Q",
        title=TITLES[unit],
        # Room for the figure at the end of the longest bar.
        scale=alt.Scale(domain=[0, top * (1.45 if half else 1.16) or 1], nice=False),
        axis=alt.Axis(tickCount=4 if half else 6),
    )
    base = alt.Chart(data(rows)).encode(y=y)
    layers = [base.mark_bar(color=LIGHT, height={"band": 0.7}).encode(x=x)]
    if with_interval:
        interval = base.transform_filter("isValid(datum.upper)").mark_rule(color=DARK, strokeWidth=1.6)
        layers.append(interval.encode(x="lower:Q", x2="upper:Q"))
    if with_mark:
        mark = base.transform_filter("isValid(datum.mark)")
        mark = mark.mark_tick(color=MIDDLE, thickness=2.4, height={"band": 0.85})
        layers.append(mark.encode(x="mark:Q"))
    figure = base.transform_calculate(edge="max(datum.upper || 0, datum.value || 0, datum.mark || 0)")
    figure = figure.mark_text(align="left", dx=4, fontSize=10, color=INK)
    layers.append(figure.encode(x="edge:Q", text="shown:N"))
    return alt.layer(*layers).properties(
        width=HALF if half else FULL, height=(HALF_ROW if half else ROW) * len(rows)
    )


def stack(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """Shares of all records, the unknown among them: a bar for each of `bars` or for each second category."""
    lines: dict[str, dict[str, float | None]] = {}
    small: set[str] = set()
    for entry in spec["bars"]:
        for row in published.observations(entry["measure"], **(selector(spec) | selector(entry))):
            name = entry.get("name") or labels(row.category_2)
            if row.status == "low_base":
                small.add(name)
            if row.category == "unknown" or row.unknown_count is None or row.status == "low_base":
                continue
            line = lines.setdefault(name, {})
            line[labels(row.category)] = row.numerator
            line[UNKNOWN] = row.unknown_count
    # A bar with a withheld part would show the part as nought.
    whole = {name: line for name, line in lines.items() if None not in line.values()}
    if not whole:
        return None
    parts = [labels(code) for code in spec["order"]] + [UNKNOWN]
    rows, table = [], []
    for name, line in whole.items():
        total = sum(line.values())
        if not total:
            continue
        shares = [line.get(part, 0) / total * 100 for part in parts]
        rows += [
            {"bar": name, "part": part, "share": share, "position": place}
            for place, (part, share) in enumerate(zip(parts, shares, strict=True))
        ]
        table.append([name, wording.number(total), *[f"{share:.1f}%" for share in shares]])
    chart = (
        alt.Chart(data(rows))
        .mark_bar(stroke="white", strokeWidth=0.8, height={"band": 0.75})
        .encode(
            x=alt.X(
                "share:Q",
                title="Per cent of all records, unknown included",
                scale=alt.Scale(domain=[0, 100], nice=False),
            ),
            y=alt.Y("bar:N", sort=list(whole), title=None, axis=alt.Axis(ticks=False, domain=False)),
            color=alt.Color(
                "part:N",
                sort=parts,
                scale=alt.Scale(domain=parts, range=[*CATEGORIES[: len(parts) - 1], PALE]),
                title=None,
                legend=alt.Legend(columns=2),
            ),
            order="position:Q",
        )
        .properties(width=FULL, height=(ROW + 5) * len(table))
    )
    told = "; ".join(
        f"{row[0]}: " + ", ".join(f"{part} {share}" for part, share in zip(parts, row[2:], strict=True))
        for row in table[:TOLD]
    )
    note = "Shares are of all records, so that the unknown part is seen beside the known."
    withheld = [name for name in lines if name not in whole]
    note += f" Withheld in part, and not drawn: {wording.listed(withheld)}." if withheld else ""
    note += f" Base too small, and not drawn: {wording.listed(sorted(small))}." if small else ""
    return Drawing(chart, f"Stacked bars of shares. {told}.", ["Bar", "Records", *parts], table, note)


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


def _beside(published: Published, spec: dict) -> dict[tuple, float]:
    """The values of the area that an entry wants beside its own, by category."""
    if "beside" not in spec:
        return {}
    chosen = selector(spec) | {"area": spec["beside"], "code": None}
    return {_categories(row): row.value for row in published.observations(spec["measure"], **chosen)}


def _categories(row: Observation) -> tuple:
    return row.category, row.category_2


def _row(labels: Labels, row: Observation, beside: dict[tuple, float]) -> list[str]:
    interval = wording.NONE
    if row.ci_lower is not None:
        interval = f"{wording.value(row.ci_lower, row.unit)} to {wording.value(row.ci_upper, row.unit)}"
    compared = beside.get(_categories(row)) if beside else row.previous_value
    other = wording.value(compared, row.unit) if compared is not None else wording.NONE
    unknown = wording.number(row.unknown_count) if row.unknown_count is not None else wording.NONE
    return [labels.of(row), wording.shown(row), interval, other, unknown]


def _first_age(band: str) -> int:
    digits = "".join(letter if letter.isdigit() else " " for letter in band).split()
    if not digits:
        return WITHOUT_ORDER
    return -1 if band.lower().startswith("under") else int(digits[0])
