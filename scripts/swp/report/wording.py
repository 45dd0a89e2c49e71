"""How values, periods and categories are written. Nothing here holds a figure."""

from datetime import date

from swp.report.reader import Observation, Published

MISSING = "not supplied"
NONE = "-"
NOT_HERE = "This profile does not publish what it is drawn from."
STATUS_WORDS = {
    "suppressed": "withheld to protect persons",
    "not_applicable": "not applicable",
    "not_supplied": MISSING,
    "insufficient_lookback": "too little time before it",
    "low_base": "base too small",
}
# Shown in a cell or as a label where a name would not fit.
STATUS_MARKS = STATUS_WORDS | {"suppressed": "[withheld]", "insufficient_lookback": "[no look-back]"}
READINESS = {
    "safe_to_use": "enough data",
    "use_with_care": "use with care: gaps",
    "do_not_use": "not enough data",
}
MILLION = 1e6

OWN_WORDS = {
    "F": "Female",
    "M": "Male",
    "ED": "Emergency departments",
    "LAS": "Ambulance service",
    "angelou": "Angelou",
    "marac": "MARAC",
    "nrm": "National Referral Mechanism",
    "iom": "Integrated offender management",
    "igxu": "Gangs and exploitation unit",
    "yjs": "Youth Justice Service",
    "crime_asb": "Crime or anti-social behaviour",
    "cifa": "CIFA",
    "ecins_subject": "E-CINS subjects",
    "asb_triage": "Anti-social behaviour triage",
    "other_london": "Elsewhere in London",
    "outside_london": "Outside London",
    "no_fixed_abode": "No fixed abode",
    "resident": "In the borough",
    "all": "All",
}


def number(value: float, places: int = 0) -> str:
    return f"{value:,.{places}f}"


def value(amount: float | None, unit: str) -> str:
    """`amount` with its unit, rounded as it is read: counts whole, shares to a tenth."""
    if amount is None:
        return MISSING
    if unit == "percent":
        return f"{number(amount, 1)}%"
    if unit == "gbp":
        return f"£{number(amount / MILLION, 1)} million" if abs(amount) >= MILLION else f"£{number(amount)}"
    if unit in ("per_day", "days", "ratio"):
        return number(amount, 1) + (" days" if unit == "days" else "")
    return number(amount)


def shown(observation: Observation) -> str:
    """The value for a cell: the figure, or why there is none."""
    if observation.value is None:
        return STATUS_MARKS.get(observation.status, observation.status.replace("_", " "))
    return value(observation.value, observation.unit)


def day(moment: date | None) -> str:
    return f"{moment.day} {moment:%B %Y}" if moment else "an unknown day"


def period(start: date, end: date) -> str:
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%B %Y}"
    return f"{start:%B %Y} to {end:%B %Y}"


def listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def readiness(row: dict) -> str:
    """Whether the data suffice for a recommendation, of its row in the readiness table."""
    verdict = READINESS.get(row["verdict"], row["verdict"])
    return f"Data: {verdict}. {row.get('why') or ''}".strip()


class Labels:
    """Names of categories, from the reference tables of the published file."""

    def __init__(self, published: Published):
        self.names: dict[str, str] = dict(OWN_WORDS)
        for table, key, name in (
            ("reference.offence_classes", "offence_code", "offence_name"),
            ("reference.cost_classes", "cost_class_code", "cost_class_name"),
            ("reference.definitions", "definition_id", "name"),
            ("reference.social_landlords", "landlord_code", "landlord_name"),
            ("reference.westminster_wards", "ward_code", "ward_name"),
        ):
            for row in published.rows(table):
                if row.get(key) and row.get(name):
                    self.names[row[key]] = row[name]
        self.names |= dict(published.wards())

    def __call__(self, category: str) -> str:
        if category in self.names:
            return self.names[category]
        words = category.replace("_", " ")
        return words[:1].upper() + words[1:]

    def of(self, observation: Observation) -> str:
        """The innermost name of `observation`: its category, else its area."""
        for breakdown, category in (
            (observation.breakdown, observation.category),
            (observation.breakdown_2, observation.category_2),
        ):
            if breakdown != "all":
                return self(category)
        return observation.area_name
