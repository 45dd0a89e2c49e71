"""The delivery report as one HTML page that needs nothing else: charts are drawn here, as SVG."""

from dataclasses import dataclass
from functools import cache
from math import ceil, floor, log10
from pathlib import Path

import jinja2

from swp.steward.report_facts import ROWS_ON_PAGE, Facts, Month, recommendation_names

_HERE = Path(__file__).resolve().parent
# The chart's size in SVG units; the page scales it to its width.
WIDTH, HEIGHT = 960, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 18, 34
_MOST_LABELS = 14


@dataclass(frozen=True)
class Bar:
    """A month's bar, in SVG units, and what it says."""

    month: Month
    x: float
    y: float
    width: float
    height: float
    usual_y: float | None
    kind: str  # here, partial, missing or other
    label: str  # below it; empty for most where there are many


@dataclass(frozen=True)
class Chart:
    """The volume chart: bars, and (y, words) of its horizontal lines."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    bottom: float
    summary: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


def _nice_step(highest: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that gives three to five lines up to `highest`."""
    raw = max(highest, 1) / 4
    power = 10 ** floor(log10(raw))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= raw)
    return max(1, step)


def _kind(month: Month) -> str:
    if month.is_missing:
        return "missing"
    if not month.is_here:
        return "other"
    return "partial" if month.is_cut_short else "here"


def _summary(months: tuple[Month, ...]) -> str:
    here = [month for month in months if month.is_here]
    told = [f"{len(here)} months, {here[0].month:%B %Y} to {here[-1].month:%B %Y}: {_range(here)} rows each"]
    if len(here) == 1:
        told = [f"{here[0].month:%B %Y}: {_range(here)} rows"]
    for words, chosen in (
        ("missing", [month for month in months if month.is_missing]),
        ("cut short", [month for month in here if month.is_cut_short]),
        ("far from the usual", [month for month in here if month.is_unusual]),
    ):
        if chosen:
            told.append(f"{words}: {', '.join(f'{month.month:%b %Y}' for month in chosen)}")
    return "; ".join(told) + "."


def _range(here: list[Month]) -> str:
    low, high = min(month.rows for month in here), max(month.rows for month in here)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def chart(months: tuple[Month, ...]) -> Chart | None:
    """The volume chart of these months; None where the delivery states none that can be shown."""
    if not any(month.is_here for month in months):
        return None
    highest = max(max(month.rows, month.usual or 0) for month in months)
    step = _nice_step(highest)
    top = step * ceil(max(highest, 1) / step)
    room, bottom = HEIGHT - _TOP - _BOTTOM, HEIGHT - _BOTTOM

    def y(rows: float) -> float:
        return round(bottom - room * rows / top, 1)

    slot = (WIDTH - _LEFT - _RIGHT) / len(months)
    gap = min(6, slot * 0.2)
    every = ceil(len(months) / _MOST_LABELS)
    bars = []
    for place, month in enumerate(months):
        rows = (month.usual or highest) if month.is_missing else month.rows
        is_labelled = (len(months) - 1 - place) % every == 0
        bars.append(
            Bar(
                month,
                x=round(_LEFT + place * slot + gap / 2, 1),
                y=y(rows),
                width=round(min(slot - gap, 60), 1),
                height=round(bottom - y(rows), 1),
                usual_y=y(month.usual) if month.usual else None,
                kind=_kind(month),
                label=f"{month.month:%b %y}" if is_labelled else "",
            )
        )
    lines = tuple((y(step * n), f"{step * n:,.0f}") for n in range(round(top / step) + 1))
    return Chart(tuple(bars), lines, bottom, _summary(months))


def next_step(facts: Facts) -> str:
    """One sentence: what the verdict means and what is to be done."""
    delivery = facts.delivery
    if delivery.withdrawn:
        return (
            f"Taken back on {delivery.withdrawn.at:%d %B %Y}: {delivery.withdrawn.reason} "
            "Nothing of it counts any more."
        )
    if delivery.verdict == "rejected":
        return "Nothing of this file was loaded. Please mend what is listed first and send the file again."
    loaded = f"{delivery.rows_accepted:,} of {delivery.rows_read:,} rows are loaded."
    asked = sum(finding.severity != "info" for finding in facts.findings)
    if asked:
        return f"{loaded} Please look at the {asked} {'point' if asked == 1 else 'points'} below."
    known = (
        " What is missing is known and registered." if facts.findings else " Nothing was found to be wrong."
    )
    return loaded + known


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["pct"] = lambda value: f"{value:.1f}%"
    environment.filters["day"] = lambda value: f"{value:%d %B %Y}".lstrip("0")
    return environment.get_template("delivery_report.html.j2")


def page(facts: Facts) -> str:
    """The whole page, to be written as it is."""
    return _template().render(
        facts=facts,
        delivery=facts.delivery,
        chart=chart(facts.months),
        next_step=next_step(facts),
        recommendations=recommendation_names(),
        rows_shown=facts.rows[:ROWS_ON_PAGE],
        has_partial=any(month.is_cut_short for month in facts.months),
        has_missing=any(month.is_missing for month in facts.months),
        has_other=any(not month.is_here and not month.is_missing for month in facts.months),
        has_usual=any(month.usual for month in facts.months),
        basis={"given": "as given", "file": "read from the file", "landed": "assumed: the day of landing"},
    )
