"""Sentences over measures. A chapter gives the template; base, period and comparison are always said with it.

A template names what it needs in braces. Where its measure has no value the sentence never appears: the gap
is said instead, with what was asked of whom.
"""

import json

from swp.report import wording
from swp.report.blocks import Gap, Statement, Tile
from swp.report.reader import Observation, Published
from swp.report.wording import Labels

LEADERS = 3
ASKS = 3
# Words are compared by their first letters: ethnic with ethnicity, repeat with repeated.
STEM = 5
SELECTORS = ("area", "code", "breakdown", "category", "breakdown_2", "category_2", "geography_vintage")


def selector(spec: dict) -> dict:
    """The part of a chapter's entry that selects observations."""
    return {name: spec[name] for name in SELECTORS if name in spec}


class Statements:
    """Makes statements, tiles and gaps from entries of a chapter."""

    def __init__(self, published: Published, labels: Labels):
        self.published = published
        self.labels = labels

    def statement(self, spec: dict) -> Statement | Gap:
        """The sentence of `spec` (say, measure, selection, against, leaders, see), or the gap."""
        found = self.published.observations(spec["measure"], **selector(spec))
        known = [observation for observation in found if observation.value is not None]
        if not known:
            return self.gap(spec["measure"], found[0] if found else None)
        if spec.get("leaders"):
            return self._leaders(spec, known, len(found) - len(known))
        one = known[0]
        words = self._words(one)
        if "against" in spec:
            others = self.published.observations(
                spec.get("against_measure", spec["measure"]), **(selector(spec) | spec["against"])
            )
            other = next((row for row in others if row.value is not None), None)
            if other is None:
                return self.gap(spec["measure"], others[0] if others else None)
            words |= self._compared(one, other)
        text = spec["say"].format(**words)
        changed = "" if "against" in spec else self._change(one)
        return Statement(f"{text} {changed}".strip(), basis(one), _refs(spec))

    def tile(self, spec: dict) -> Tile:
        """The headline figure of `spec` (label, measure, selection)."""
        found = self.published.observations(spec["measure"], **selector(spec))
        one = next((row for row in found if row.value is not None), None)
        if one is None:
            why = self.gap(spec["measure"], found[0] if found else None)
            return Tile(spec["label"], wording.MISSING.capitalize(), "", why.reason, is_gap=True)
        return Tile(
            spec["label"].format(**self._words(one)),
            wording.value(one.value, one.unit),
            self.short_change(one),
            short_basis(one),
        )

    def _change(self, one: Observation) -> str:
        like = self.published.like_for_like(one) if one.previous_value is None else None
        if like is None:
            return change(one)
        months = wording.period(like.period_start, like.period_end)
        return f"Over the months that both years have ({months}) it is {wording.shown(like)}. {change(like)}"

    def short_change(self, one: Observation) -> str:
        """The comparison in a few words, for a tile or a cell."""
        like = self.published.like_for_like(one) if one.previous_value is None else None
        return f"{short_change(like)} (like months)" if like else short_change(one)

    def direction(self, one: Observation) -> str:
        """Whether it has become better or worse, as far as that can be said."""
        polarity = self.published.polarity_of(one.measure_id)
        like = self.published.like_for_like(one) if one.previous_value is None else None
        return f"{direction(like, polarity)} (like months)" if like else direction(one, polarity)

    def gap(self, measure: str, observation: Observation | None) -> Gap:
        """What is lacking for `measure`; `observation` is its row without a value, where there is one."""
        name = self.published.name_of(measure)
        status = observation.status if observation else "not_supplied"
        title = f"{name}: {wording.STATUS_WORDS.get(status, status.replace('_', ' '))}"
        if observation is None:
            reason = "The published file holds no such figure for this period."
        else:
            reason = observation.status_reason or "No delivery gave what this needs."
        asks = [] if status in ("suppressed", "low_base") else self._asks(measure, observation)
        return Gap(title, reason, asks)

    def _asks(self, measure: str, observation: Observation | None) -> list[str]:
        gaps = self.published.gaps(measure, observation.source_ids if observation else None)
        about = " ".join([measure, *(_breakdowns(observation) if observation else [])])
        stems = {word[:STEM] for word in about.replace("_", " ").lower().split() if len(word) >= STEM}
        gaps.sort(key=lambda gap: -_nearness(gap, stems))
        told = []
        for gap in gaps:
            when = f"Asked on {wording.day(gap['asked_on'])}" if gap.get("asked_on") else "Not asked yet"
            what = gap.get("ask") or f"{gap['source'].replace('_', ' ')}: {gap['finding']}"
            told.append(f"{when} of {gap['supplier']}: {what}")
        more = len(told) - ASKS
        return told[:ASKS] + (
            [f"{more} further requests bear on it: see the register of gaps."] if more > 0 else []
        )

    def _words(self, one: Observation) -> dict[str, str]:
        return {
            "value": wording.value(one.value, one.unit),
            "previous": wording.value(one.previous_value, one.unit),
            "area": one.area_name,
            "category": self.labels(one.category),
            "category_lower": _lower(self.labels(one.category)),
            "number": one.category,
            "period": wording.period(one.period_start, one.period_end),
            "reason": (one.status_reason or "").rstrip("."),
            **self._parameters(one.definition_id),
        }

    def _parameters(self, definition_id: str | None) -> dict[str, str]:
        """The parameters of a definition as words for a template, such as `p_months`."""
        known = self.published.rows("reference.definitions", f"where definition_id = '{definition_id}'")
        parameters = json.loads(known[0].get("parameters") or "{}") if known else {}
        return {f"p_{name}": str(value) for name, value in parameters.items()}

    def _leaders(self, spec: dict, known: list[Observation], without: int) -> Statement | Gap:
        """The highest categories or areas, in order; those without a value are counted."""
        left_out = spec.get("leave_out", ["unknown"])
        ordered = [row for row in known if row.category not in left_out]
        ordered.sort(key=lambda row: row.value, reverse=True)
        if not ordered:
            return self.gap(spec["measure"], known[0])
        top = ordered[:LEADERS]
        name = (lambda row: row.area_name) if spec.get("by_area") else self.labels.of
        words = {
            "leaders": wording.listed([f"{name(row)} ({wording.value(row.value, row.unit)})" for row in top]),
            "first": name(top[0]),
            "first_value": wording.value(top[0].value, top[0].unit),
            "last": name(ordered[-1]),
            "last_value": wording.value(ordered[-1].value, ordered[-1].unit),
            "of": str(len(ordered)),
        }
        text = spec["say"].format(**words)
        lacking = f"; {without} of {without + len(known)} have no value" if without else ""
        return Statement(f"{text} {order_told(ordered)}".strip(), basis(top[0]) + lacking, _refs(spec))

    def _compared(self, one: Observation, other: Observation) -> dict[str, str]:
        return {
            "other": wording.value(other.value, other.unit),
            "other_area": other.area_name,
            "other_category": self.labels(other.category),
            "against": _against(one, other),
        }


def change(one: Observation) -> str:
    """The comparison with the period before, and whether chance alone could have made it."""
    if one.previous_value is None:
        return "No like period before can be compared."
    difference = one.value - one.previous_value
    previous = wording.value(one.previous_value, one.unit)
    if wording.value(one.value, one.unit) == previous:
        return f"The period before gave the same, {previous}."
    direction = "more" if difference > 0 else "less"
    if one.unit == "percent":
        size = f"{wording.number(abs(difference), 1)} percentage points {direction}"
    elif one.unit == "rank" or not one.previous_value:
        size = direction
    else:
        size = f"{wording.number(abs(difference) / one.previous_value * 100, 1)}% {direction}"
    return f"That is {size} than in the period before ({previous}); {chance(one)}."


def chance(one: Observation) -> str:
    return {
        True: "chance alone does not explain it",
        False: "this is within chance",
        None: "no test of chance applies",
    }[one.change_is_beyond_chance]


def short_change(one: Observation) -> str:
    """The comparison in a few words, for a tile or a cell."""
    if one.previous_value is None:
        return "no comparison"
    judged = {True: "beyond chance", False: "within chance", None: "chance not tested"}
    return f"{_size(one)}, {judged[one.change_is_beyond_chance]}"


def direction(one: Observation, polarity: str) -> str:
    """Better or worse since the period before: of a change beyond chance, where `polarity` tells."""
    if one.previous_value is None:
        return "no comparison"
    if one.change_is_beyond_chance is None:
        word = "chance not tested"
    elif not one.change_is_beyond_chance:
        word = "within chance"
    elif polarity not in ("lower_is_better", "higher_is_better"):
        word = "no clear direction"
    else:
        rose = one.value > one.previous_value
        word = "better" if rose == (polarity == "higher_is_better") else "worse"
    return f"{word} ({_size(one)})"


def _size(one: Observation) -> str:
    difference = one.value - one.previous_value
    if one.unit == "percent":
        return f"{difference:+,.1f} points"
    if one.previous_value:
        return f"{difference / one.previous_value * 100:+,.1f}%"
    return f"{difference:+,.0f}"


def order_told(ordered: list[Observation]) -> str:
    """Whether the first is apart from the second, by their intervals."""
    if len(ordered) < 2 or None in (ordered[0].ci_lower, ordered[1].ci_upper):
        return ""
    apart = ordered[0].ci_lower > ordered[1].ci_upper
    return (
        "The first stands apart."
        if apart
        else "Chance alone could change the order of the first and the second."
    )


def basis(one: Observation) -> str:
    """The small print: period, base, unknown, interval, and the day on which it was known."""
    parts = [short_basis(one)]
    if one.status == "partial_period":
        parts.append(f"part of the period: {one.status_reason}")
    if one.as_at_date:
        parts.append(f"as known on {wording.day(one.as_at_date)}")
    if one.source_ids:
        parts.append(f"source {one.source_ids.replace(',', ', ')}")
    return "; ".join(parts)


def short_basis(one: Observation) -> str:
    """The small print that a tile has room for: period, base, unknown, interval."""
    parts = [wording.period(one.period_start, one.period_end)]
    if one.denominator is not None:
        base = wording.number(one.denominator)
        parts.append(
            f"{wording.number(one.numerator)} of {base}" if one.numerator is not None else f"base {base}"
        )
    if one.unknown_count is not None and one.unit == "percent":
        parts.append(f"{wording.number(one.unknown_count)} unknown")
    if one.ci_lower is not None and one.ci_upper is not None:
        low, high = wording.value(one.ci_lower, one.unit), wording.value(one.ci_upper, one.unit)
        parts.append(f"interval {low} to {high}")
    return "; ".join(parts)


def _against(one: Observation, other: Observation) -> str:
    """Which of two is higher, and whether their intervals overlap."""
    if wording.value(one.value, one.unit) == wording.value(other.value, other.unit):
        return "the same"
    word = "higher" if one.value > other.value else "lower"
    bounds = (one.ci_lower, one.ci_upper, other.ci_lower, other.ci_upper)
    if None in bounds:
        return word
    overlap = one.ci_lower <= other.ci_upper and other.ci_lower <= one.ci_upper
    return f"{word}, but within chance" if overlap else f"{word}, beyond chance"


def _breakdowns(observation: Observation) -> list[str]:
    return [observation.breakdown, observation.category, observation.breakdown_2, observation.category_2]


def _nearness(gap: dict, stems: set[str]) -> int:
    """How many of the words that a measure is about occur in a gap."""
    text = " ".join(str(gap.get(name) or "") for name in ("field", "label", "ask", "gap_reason")).lower()
    return sum(stem in text for stem in stems)


def _refs(spec: dict) -> list[str]:
    see = spec.get("see", [])
    return [see] if isinstance(see, str) else list(see)


def _lower(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
