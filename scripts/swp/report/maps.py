"""Maps of wards and small areas: choropleths with classes, or tiles where no boundary is published."""

from collections import Counter
from itertools import pairwise

import altair as alt

from swp.report import wording
from swp.report.bars import bars
from swp.report.look import CLASSES, DARK_CLASSES, FULL, INK, NO_VALUE, Drawing, data
from swp.report.reader import Published
from swp.report.statements import selector
from swp.report.wording import Labels

TILES_ACROSS = 6
# Beyond so many, tiles without their places say less than the longest bars.
TILES_MOST = 48
BARS_MOST = 12
LABEL_LINE = 9
LISTED = 5
WITHOUT = "No value"
TILES_NOTE = "Tiles in the order of names: no boundaries are published in this profile."


def area_map(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """A map of a measure over the wards or LSOAs of the partnership."""
    found = published.observations(spec["measure"], **selector(spec))
    known = sorted((row for row in found if row.value is not None), key=lambda row: -row.value)
    if not known:
        return None
    vintages = Counter(row.geography_vintage for row in known) if spec["area"] == "lsoa" else {None: 1}
    vintage = max(vintages, key=vintages.get)
    found = [row for row in found if vintage in (None, row.geography_vintage)]
    known = [row for row in known if vintage in (None, row.geography_vintage)]
    classes = class_names([row.value for row in known], known[0].unit)
    shapes = published.boundaries(spec["area"], vintage)
    has_shapes = any(row.area_code in shapes for row in found)
    if not has_shapes and len(found) > TILES_MOST:
        return bars(published, labels, spec | {"most": BARS_MOST})
    areas = {
        row.area_code: {"name": row.area_name, "class": class_of(row.value, classes)}
        for row in sorted(found, key=lambda row: row.area_name)
    }
    if has_shapes:
        areas |= {code: {"name": "", "class": WITHOUT} for code in shapes if code not in areas}
    names = [name for _, name in classes]
    for area in areas.values():
        area["dark"] = area["class"] in names and names[::-1].index(area["class"]) < DARK_CLASSES
        area["lines"] = lines(area["name"])
    colours = dict(zip(names, CLASSES[len(CLASSES) - len(names) :], strict=True))
    if any(area["class"] == WITHOUT for area in areas.values()):
        colours[WITHOUT] = NO_VALUE
    colour = alt.Color(
        "class:N",
        sort=list(colours),
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        title=None,
        legend=alt.Legend(orient="right", symbolType="square", symbolStrokeColor=INK, symbolSize=140),
    )
    chart = (
        _choropleth(shapes, areas, colour, spec["area"] == "ward") if has_shapes else _tiles(areas, colour)
    )
    counted = "; ".join(
        f"{name}: {sum(area['class'] == name for area in areas.values())} areas" for name in colours
    )
    told = ", ".join(f"{row.area_name} {wording.shown(row)}" for row in known[:LISTED])
    table = [
        [row.area_name, row.area_code, wording.shown(row)]
        for row in known + [row for row in found if row.value is None]
    ]
    alt_text = f"Map of {len(found)} areas in classes ({counted}). Highest: {told}."
    return Drawing(chart, alt_text, ["Area", "Code", "Value"], table, "" if has_shapes else TILES_NOTE)


def class_names(values: list[float], unit: str) -> list[tuple[float, str]]:
    """Classes of about as many areas each: upper bound and name, lowest first."""
    ordered = sorted(values)
    count = min(len(CLASSES), len(set(ordered)))
    uppers = sorted(
        {ordered[max(0, (place + 1) * len(ordered) // count - 1)] for place in range(count)} | {ordered[-1]}
    )
    names: dict[str, float] = {}
    lower = ordered[0]
    for upper in uppers:
        low, high = wording.value(lower, unit), wording.value(upper, unit)
        # Two classes that read alike after rounding are one.
        names[low if low == high else f"{low} to {high}"] = upper
        lower = next((value for value in ordered if value > upper), upper)
    return [(upper, name) for name, upper in names.items()]


def class_of(value: float | None, classes: list[tuple[float, str]]) -> str:
    if value is None:
        return WITHOUT
    return next(name for upper, name in classes if value <= upper)


def lines(name: str) -> str:
    """A name broken so that it fits an area: a line for each word, short ones joined to the word before."""
    parts: list[str] = []
    for word in name.split():
        if parts and len(parts[-1]) + len(word) < LABEL_LINE:
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return "\n".join(parts)


def _choropleth(shapes: dict, areas: dict[str, dict], colour: alt.Color, with_names: bool):
    features = [
        {"type": "Feature", "geometry": wound(shape), "class": areas[code]["class"]}
        for code, shape in shapes.items()
    ]
    chart = (
        alt.Chart(data(features))
        .mark_geoshape(stroke=INK, strokeWidth=0.5)
        .encode(color=colour)
        .project(type="mercator")
        .properties(width=FULL, height=230)
    )
    if not with_names:
        return chart
    points = [
        dict(zip(("x", "y"), middle(shape), strict=True)) | areas[code] for code, shape in shapes.items()
    ]
    label = alt.Chart(data(points)).encode(
        longitude="x:Q", latitude="y:Q", text="lines:N", color=_label_colour()
    )
    return chart + label.project(type="mercator").mark_text(fontSize=7, lineBreak="\n")


def _tiles(areas: dict[str, dict], colour: alt.Color):
    rows = [
        area | {"x": place % TILES_ACROSS, "y": place // TILES_ACROSS}
        for place, area in enumerate(areas.values())
    ]
    base = alt.Chart(data(rows)).encode(x=alt.X("x:O", axis=None), y=alt.Y("y:O", axis=None))
    tiles = base.mark_rect(stroke=INK, strokeWidth=0.5).encode(color=colour)
    label = base.mark_text(fontSize=7, lineBreak="\n").encode(text="lines:N", color=_label_colour())
    return (tiles + label).properties(width=FULL, height=46 * (rows[-1]["y"] + 1))


def _label_colour():
    return alt.condition("datum.dark", alt.value("white"), alt.value(INK))


def middle(shape: dict) -> tuple[float, float]:
    """The centre of the box around the longest outer ring of `shape`: longitude, latitude."""
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    ring = max((polygon[0] for polygon in polygons), key=len)
    xs, ys = [point[0] for point in ring], [point[1] for point in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def wound(shape: dict) -> dict:
    """`shape` with outer rings clockwise, as the drawing library takes them: it fills the world otherwise."""
    if shape["type"] == "Polygon":
        return shape | {"coordinates": _clockwise(shape["coordinates"])}
    return shape | {"coordinates": [_clockwise(polygon) for polygon in shape["coordinates"]]}


def _clockwise(polygon: list) -> list:
    turned = []
    for place, ring in enumerate(polygon):
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
        turned.append(ring[::-1] if (area > 0) == (place == 0) else ring)
    return turned
