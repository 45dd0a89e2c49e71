"""Maps of wards and small areas: choropleths with a legend of classes, or tiles where no boundary is published."""

from itertools import pairwise

import altair as alt

from swp.report import wording
from swp.report.look import CLASSES, FULL, INK, NO_VALUE, Drawing, data
from swp.report.reader import Observation, Published
from swp.report.statements import selector
from swp.report.wording import Labels

TILES_ACROSS = 6
LISTED = 5


def area_map(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """A map of `measure` over the wards or LSOAs of the partnership."""
    found = published.observations(spec["measure"], **selector(spec))
    known = [row for row in found if row.value is not None]
    if not known:
        return None
    vintage = known[0].geography_vintage if spec["area"] == "lsoa" else None
    if vintage:
        found = [row for row in found if row.geography_vintage == vintage]
        known = [row for row in found if row.value is not None]
    classes = class_names([row.value for row in known], known[0].unit)
    boundaries = published.boundaries(spec["area"], vintage)
    missing = "No value"
    domain = [name for _, name in classes]
    colours = list(CLASSES[: len(domain)]) if len(domain) == len(CLASSES) else list(CLASSES[-len(domain) :])
    if any(row.value is None for row in found) or set(boundaries) - {row.area_code for row in known}:
        domain, colours = [*domain, missing], [*colours, NO_VALUE]
    colour = alt.Color(
        "class:N",
        sort=domain,
        scale=alt.Scale(domain=domain, range=colours),
        title=None,
        legend=alt.Legend(orient="right", symbolType="square", symbolStrokeColor=INK, symbolSize=140),
    )
    named = {
        row.area_code: (row.area_name, class_of(row.value, classes, missing), wording.shown(row))
        for row in found
    }
    chart = (
        _choropleth(boundaries, named, colour, missing, spec["area"] == "ward")
        if set(named) & set(boundaries)
        else _tiles(found, named, colour)
    )
    ordered = sorted(known, key=lambda row: -row.value)
    told = ", ".join(f"{row.area_name} {wording.shown(row)}" for row in ordered[:LISTED])
    legend = "; ".join(
        f"{name}: {sum(1 for entry in named.values() if entry[1] == name)} areas" for name in domain
    )
    alt_text = f"Map of {len(found)} areas in classes ({legend}). Highest: {told}."
    table = [
        [row.area_name, row.area_code, wording.shown(row)]
        for row in ordered + [row for row in found if row.value is None]
    ]
    note = (
        ""
        if set(named) & set(boundaries)
        else "Tiles in the order of names: no boundaries are published in this profile."
    )
    return Drawing(chart, alt_text, ["Area", "Code", "Value"], table, note)


def class_names(values: list[float], unit: str) -> list[tuple[float, str]]:
    """Up to five classes of about as many areas each: upper bound and name, lowest first."""
    ordered = sorted(values)
    count = min(len(CLASSES), len(set(ordered)))
    uppers = sorted(
        {ordered[max(0, (position + 1) * len(ordered) // count - 1)] for position in range(count)}
    )
    names, lower = [], ordered[0]
    for upper in uppers:
        low, high = wording.value(lower, unit), wording.value(upper, unit)
        names.append((upper, low if low == high else f"{low} to {high}"))
        above = [value for value in ordered if value > upper]
        lower = above[0] if above else upper
    return names


def class_of(value: float | None, classes: list[tuple[float, str]], missing: str) -> str:
    if value is None:
        return missing
    return next(name for upper, name in classes if value <= upper)


def _choropleth(shapes: dict, named: dict, colour: alt.Color, missing: str, with_names: bool):
    features = [
        {
            "type": "Feature",
            "geometry": wound(shape),
            "class": named.get(code, ("", missing, ""))[1],
            "name": named.get(code, ("", "", ""))[0],
        }
        for code, shape in shapes.items()
    ]
    chart = (
        alt.Chart(data(features))
        .mark_geoshape(stroke=INK, strokeWidth=0.5)
        .encode(color=colour)
        .project(type="mercator")
        .properties(width=FULL - 120, height=300)
    )
    if not with_names:
        return chart
    points = [
        {"lon": x, "lat": y, "name": named[code][0]}
        for code, shape in shapes.items()
        if code in named
        for x, y in [middle(shape)]
    ]
    halo = (
        alt.Chart(data(points))
        .encode(longitude="lon:Q", latitude="lat:Q", text="name:N")
        .project(type="mercator")
    )
    return (
        chart
        + halo.mark_text(fontSize=9, stroke="white", strokeWidth=2.4, strokeJoin="round")
        + halo.mark_text(fontSize=9, color=INK)
    )


def _tiles(found: list[Observation], named: dict, colour: alt.Color):
    rows = [
        {
            "column": position % TILES_ACROSS,
            "row": position // TILES_ACROSS,
            "name": row.area_name,
            "class": named[row.area_code][1],
        }
        for position, row in enumerate(sorted(found, key=lambda row: row.area_name))
    ]
    base = alt.Chart(data(rows)).encode(x=alt.X("column:O", axis=None), y=alt.Y("row:O", axis=None))
    label = base.encode(text="name:N")
    return (
        base.mark_rect(stroke=INK, strokeWidth=0.5).encode(color=colour)
        + label.mark_text(fontSize=8, stroke="white", strokeWidth=2.4, limit=56)
        + label.mark_text(fontSize=8, color=INK, limit=56)
    ).properties(width=FULL - 120, height=46 * (rows[-1]["row"] + 1))


def middle(shape: dict) -> tuple[float, float]:
    """The centre of the box around the largest ring of `shape`."""
    ring = max(_rings(shape), key=len)
    xs, ys = [point[0] for point in ring], [point[1] for point in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def wound(shape: dict) -> dict:
    """`shape` with outer rings clockwise, as the drawing library takes them: it fills the world otherwise."""
    if shape["type"] == "Polygon":
        return shape | {"coordinates": _clockwise(shape["coordinates"])}
    if shape["type"] == "MultiPolygon":
        return shape | {"coordinates": [_clockwise(polygon) for polygon in shape["coordinates"]]}
    return shape


def _clockwise(polygon: list) -> list:
    turned = []
    for position, ring in enumerate(polygon):
        area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
        turned.append(ring[::-1] if (area > 0) == (position == 0) else ring)
    return turned


def _rings(shape: dict) -> list:
    if shape["type"] == "Polygon":
        return [shape["coordinates"][0]]
    return [polygon[0] for polygon in shape.get("coordinates", [])]
