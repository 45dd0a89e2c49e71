"""Charts over tables of a grain of their own: the week, persons by age and sex, definitions that overlap."""

import altair as alt

from swp.report import bars, grids, wording
from swp.report.blocks import Gap
from swp.report.look import DARK, FULL, INK, PALE, Drawing, data
from swp.report.reader import Published
from swp.report.statements import selector
from swp.report.wording import Labels

WEEK = "marts.mart_crime_week"
AGES = "marts.mart_person_ages"
OVERLAPS = "marts.mart_definition_overlaps"
SETS_SHOWN = 12


def week(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """Days of the week down, hours across: the share of the week's crimes in each."""
    rows, withheld = _of_period(published, WEEK, f"and crime_kind = '{spec['kind']}'", "crimes")
    total = sum(row["crimes"] for row in rows if row["hour"] is not None)
    if not total:
        return None
    cells = [
        {
            "across": str(row["hour"]),
            "hour": row["hour"],
            "down": row["weekday_name"],
            "value": row["crimes"] / total * 100,
        }
        for row in rows
        if row["hour"] is not None
    ]
    cells.sort(key=lambda cell: (grids.WEEKDAYS.index(cell["down"]), cell["hour"]))
    drawing = grids.grid(cells, "Hour of the day", "Per cent of the week")
    unknown = sum(row["crimes"] for row in rows if row["hour"] is None)
    drawing.note = (
        f"{wording.number(total)} crimes; {wording.number(unknown)} of unknown time are left out.{withheld}"
    )
    return drawing


def ages(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """The pyramid of one role: women and girls on one side, men and boys on the other."""
    rows, withheld = _of_period(published, AGES, f"and person_role = '{spec['role']}'", "persons")
    known = [row for row in rows if row["sex"] in ("F", "M") and row["age_band"] != "unknown"]
    total = sum(row["persons"] for row in known)
    if not total:
        return None
    sides = []
    for sex in ("F", "M"):
        pairs = [(row["age_band"], row["persons"] / total * 100) for row in known if row["sex"] == sex]
        unknown = sum(row["persons"] for row in rows if row["sex"] == sex and row["age_band"] == "unknown")
        sides.append((labels(sex), sorted(pairs), unknown))
    drawing = bars.pyramid(sides, "Per cent of those whose age and sex are known")
    without = sum(row["persons"] for row in rows if row["sex"] not in ("F", "M"))
    drawing.note += f" Of unknown sex: {wording.number(without)}. Known: {wording.number(total)}.{withheld}"
    return drawing


def overlaps(published: Published, labels: Labels, spec: dict) -> Drawing | None:
    """An UpSet plot: how many crimes meet exactly which of the definitions."""
    found, withheld = _of_period(published, OVERLAPS, "order by crimes desc, definition_ids", "crimes")
    if not found:
        return None
    sets = [(row["definition_ids"].split(","), row["crimes"]) for row in found]
    definitions = sorted({name for names, _ in sets for name in names}, key=lambda name: -_size(name, sets))
    shown = sets[:SETS_SHOWN]
    order = [labels(name) for name in definitions]
    columns = list(range(len(shown)))
    columns_drawn = [
        {"set": position, "crimes": crimes, "shown": wording.number(crimes)}
        for position, (_, crimes) in enumerate(shown)
    ]
    dots = [
        {"set": position, "definition": labels(name), "member": name in names}
        for position, (names, _) in enumerate(shown)
        for name in definitions
    ]
    x = alt.X("set:O", sort=columns, axis=None)
    width = FULL - 235
    top = alt.Chart(data(columns_drawn)).encode(
        x=x, y=alt.Y("crimes:Q", title="Crimes", axis=alt.Axis(tickCount=4))
    )
    top = (
        top.mark_bar(color=DARK) + top.mark_text(dy=-5, fontSize=8, color=INK).encode(text="shown:N")
    ).properties(width=width, height=110)
    grid = alt.Chart(data(dots)).encode(
        x=x,
        y=alt.Y(
            "definition:N",
            sort=order,
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=230, labelFontSize=9.5),
        ),
    )
    member = grid.transform_filter("datum.member")
    matrix = (
        grid.mark_circle(color=PALE, size=55, opacity=1) + member.mark_circle(color=DARK, size=60, opacity=1)
    ).properties(width=width, height=16 * len(order))
    told = "; ".join(
        f"{wording.listed([labels(name) for name in names])}: {wording.number(crimes)}"
        for names, crimes in shown[:4]
    )
    table = [
        [wording.listed([labels(name) for name in names]), wording.number(crimes)] for names, crimes in sets
    ]
    left = sum(crimes for _, crimes in sets[SETS_SHOWN:])
    return Drawing(
        alt.vconcat(top, matrix, spacing=4),
        f"UpSet plot of crimes by the exact set of definitions that they meet. Largest sets: {told}.",
        ["Definitions met", "Crimes"],
        table,
        f"Each column is one exact combination; {wording.number(left)} crimes lie in smaller ones.{withheld}",
    )


def gap(spec: dict) -> Gap:
    """What is said where the table behind a chart of this module is not in the profile."""
    return Gap(
        f"{spec['caption']}: not in this profile",
        "The table that this figure is drawn from is not published here.",
    )


def first_selection(spec: dict) -> dict:
    """The selection by which the first row behind a chart is found, to say why there is none."""
    first = next(iter(spec.get("bars", spec.get("sides", [{}]))))
    return selector(spec) | selector(first)


def _size(name: str, sets: list) -> int:
    return sum(crimes for names, crimes in sets if name in names)


def _of_period(published: Published, table: str, then: str, count: str) -> tuple[list[dict], str]:
    """The rows of the report's period whose `count` is given, and words on those whose count is withheld."""
    rows = published.rows(table, f"where period_start = date '{published.period_start}' {then}")
    known = [row for row in rows if row[count] is not None]
    withheld = len(rows) - len(known)
    return known, f" {withheld} withheld cells are left out." if withheld else ""
