"""The crime reports of a year: what happened where and when, with which flags and outcome."""

from dataclasses import dataclass, field
from math import ceil

import numpy as np

from swp.sample.blocks import Block
from swp.sample.crimes import WEST_END_WARDS, Crimes, place_shares
from swp.sample.marginals import Marginals, generator, scaled
from swp.sample.mps_cris.basics import (
    AGENCY,
    BURGLARY,
    DAY,
    DRUGS,
    MAJORS,
    MINORS,
    MINUTE,
    NOT_NOTIFIABLE,
    OTHER_ACCEPTED,
    RACIAL,
    ROBBERY,
    SEXUAL,
    THEFT,
    VEHICLE,
    VIOLENCE,
    WEEK,
    Year,
)
from swp.sample.mps_cris.columns import choose

DAMAGE, ORDER, WEAPONS = "Arson and Criminal Damage", "Public Order Offences", "Possession of Weapons"
HATE_WARDS = {"St James's": 0.32, "West End": 0.26}
DOMESTIC_WARDS = {
    "St James's": 0.104, "West End": 0.096, "Queen's Park": 0.086, "Westbourne": 0.073,
    "Church Street": 0.07, "Harrow Road": 0.068,
}  # fmt: skip
# By major class: share with a sanction detection; with a suspect; with a person as victim; with an
# organisation; share of women among victims, suspects, accused; how far victims and accused are residents;
# victims whose ethnic appearance is known.
TRAITS = {
    DAMAGE: (0.05, 0.25, 0.60, 0.40, 0.45, 0.15, 0.12, 0.69, 0.26, 0.30),
    BURGLARY: (0.04, 0.18, 0.52, 0.48, 0.45, 0.08, 0.06, 0.74, 0.11, 0.35),
    DRUGS: (0.42, 1.00, 0.0, 0.0, 0.5, 0.06, 0.05, 0.3, 0.19, 0.5),
    ORDER: (0.08, 0.65, 0.80, 0.02, 0.42, 0.16, 0.13, 0.40, 0.29, 0.62),
    ROBBERY: (0.06, 0.55, 0.97, 0.055, 0.25, 0.09, 0.07, 0.22, 0.11, 0.62),
    SEXUAL: (0.08, 0.70, 1.0, 0.0, 0.84, 0.05, 0.0, 0.24, 0.17, 0.67),
    THEFT: (0.012, 0.05, 0.88, 0.12, 0.63, 0.28, 0.19, 0.22, 0.12, 0.25),
    VEHICLE: (0.01, 0.04, 0.85, 0.15, 0.27, 0.06, 0.0, 0.45, 0.15, 0.20),
    VIOLENCE: (0.08, 0.72, 0.98, 0.0, 0.47, 0.22, 0.16, 0.44, 0.25, 0.66),
    WEAPONS: (0.45, 1.00, 0.0, 0.0, 0.5, 0.07, 0.06, 0.3, 0.25, 0.5),
    NOT_NOTIFIABLE: (0.0, 0.80, 1.0, 0.0, 0.55, 0.24, 0.16, 0.60, 0.25, 0.60),
}  # fmt: skip
ELSE = (0.30, 0.7, 0.1, 0.1, 0.45, 0.15, 0.12, 0.35, 0.2, 0.4)
TRAIT_NAMES = (
    "detected", "suspect", "person", "organisation", "victim_f", "suspect_f", "accused_f", "victim_resident",
    "accused_resident", "seen",
)  # fmt: skip
# What differs from the rest of its major class.
MINOR_TRAITS = {
    ("Shoplifting", "detected"): 0.076, ("Shoplifting", "suspect"): 0.5, ("Shoplifting", "person"): 0.0,
    ("Shoplifting", "organisation"): 1.0, ("Theft from Person", "detected"): 0.004,
    ("Theft from Person", "organisation"): 0.0, ("Theft from Person", "person"): 1.0,
    ("Other Theft", "detected"): 0.006, ("Burglary Business and Community", "person"): 0.08,
    ("Burglary Business and Community", "organisation"): 0.95, ("Domestic Burglary", "person"): 1.0,
    ("Domestic Burglary", "organisation"): 0.0, ("Robbery of Business Property", "organisation"): 1.0,
    ("Robbery of Business Property", "person"): 0.5, ("Robbery of Personal Property", "organisation"): 0.0,
    ("Homicide", "detected"): 0.7,
}  # fmt: skip


def _hours(*points: tuple[int, float]) -> np.ndarray:
    """24 weights, straight between the (hour, weight) that are given; the first stands for 24 as well."""
    at, weight = zip(*points, (points[0][0] + 24, points[0][1]), strict=True)
    return np.interp(np.arange(24), at, weight)


def _week(hours: np.ndarray, days: tuple[float, ...], night: float = 0.0) -> np.ndarray:
    """The weight of each of the 168 hours from Monday; `night` comes on top from 22 to 3 at the weekend."""
    week = np.outer(days, hours)
    for day in (4, 5):
        week[day, 22:] += night
        week[day + 1, :3] += night
    return week.ravel() / week.sum()


EVEN = (1.0, 1.0, 1.0, 1.0, 1.05, 1.1, 0.95)
TIMES = {
    "trade": _week(_hours((0, 0.6), (4, 0.12), (8, 0.35), (12, 1.25), (15, 2.35), (20, 2.3), (22, 1.1)),
                   (0.9, 0.95, 0.97, 1.0, 1.08, 1.25, 0.9)),
    "night": _week(_hours((0, 1.3), (4, 0.6), (7, 0.5), (12, 1.0), (17, 1.5), (22, 1.5)), EVEN, 2.2),
    "west": _week(_hours((0, 1.7), (4, 0.7), (7, 0.3), (12, 0.7), (17, 1.2), (22, 1.9)), EVEN, 4.0),
    "late": _week(_hours((0, 2.0), (4, 0.9), (8, 0.5), (14, 0.8), (18, 1.3), (22, 2.2)), EVEN, 4.0),
    "drugs": _week(_hours((0, 1.3), (4, 0.4), (8, 0.5), (15, 1.1), (20, 1.4), (22, 2.0)),
                   (0.9, 0.9, 1.0, 1.15, 1.2, 1.25, 0.85)),
    "hate": _week(_hours((0, 0.7), (5, 0.3), (10, 1.1), (15, 1.8), (20, 1.7), (22, 1.1)),
                  (0.97, 0.95, 0.95, 0.97, 1.0, 1.26, 0.98)),
    "home": _week(_hours((0, 0.9), (5, 0.8), (9, 1.1), (15, 1.0), (20, 1.1)), EVEN),
}  # fmt: skip


@dataclass
class Reports:
    """The crime reports of one year, in the order in which they were recorded.

    `minor` counts in MINORS, `place` in the places of the geography (one more: not known). `flags` holds
    an array of booleans for each flag. Times are minutes.
    """

    year: Year
    minor: np.ndarray
    place: np.ndarray
    ward_known: np.ndarray
    committed_from: np.ndarray
    committed_to: np.ndarray
    recorded: np.ndarray
    reference: np.ndarray
    ward: np.ndarray  # name, also where the delivery leaves it blank
    flags: dict[str, np.ndarray] = field(default_factory=dict)
    detected: np.ndarray | None = None
    outcome: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.minor)

    @property
    def major(self) -> np.ndarray:
        return np.array(MAJORS)[self.minor]

    def trait(self, name: str) -> np.ndarray:
        """One of TRAITS for each report."""
        at = TRAIT_NAMES.index(name)
        of_minor = [
            MINOR_TRAITS.get((minor, name), TRAITS.get(major, ELSE)[at])
            for major, minor in zip(MAJORS, MINORS, strict=True)
        ]
        return np.array(of_minor)[self.minor]

    @property
    def is_night(self) -> np.ndarray:
        hour = (self.committed_from - self.committed_from.astype("M8[D]")).astype(int) // 60
        return (hour >= 18) | (hour < 6)


def first_reference(year: Year, calendar_year: int, block: Block) -> int:
    """The number from which the reports of a block are counted in a calendar year.

    The numbers of a calendar year run on from one delivery to the next, and those of the blocks lie apart. A
    larger sample has numbers of eight digits, beyond those of the planted rows (69...).
    """
    room = 100_000 * ceil(block.scale)
    later = str(calendar_year) != year.first[:4]
    return (6_500_000 if block.whole <= 1 else 10_000_000) + (2 * block.number + later) * room


def draw_reports(borough: Crimes, marginals: Marginals, year: Year, seed: int, block: Block) -> Reports:
    """The reports of one year: those of `borough` and, beside them, what is not notifiable."""
    rng = generator(seed, AGENCY, "reports", year.period, *block.names)
    columns = borough.between(year.first, year.last)
    counts, with_ward = borough.counts[:, :, columns], borough.with_ward[:, :, columns]
    minor, place, month = np.nonzero(counts)
    per_cell = counts[minor, place, month]
    last = counts.shape[1] - 1
    known = np.where(place < last, np.pad(with_ward, ((0, 0), (0, 1), (0, 0)))[minor, place, month], 0)
    within = np.arange(per_cell.sum()) - np.repeat(np.cumsum(per_cell) - per_cell, per_cell)
    ward_known = within < np.repeat(known, per_cell)
    minor, place, month = (np.repeat(values, per_cell) for values in (minor, place, month))
    # Reports that are not notifiable come from homes more than crime does.
    extra = scaled(year.not_notifiable, block.scale)
    flat = place_shares(borough.geography, marginals, year.period, seed) ** 0.5
    minor = np.append(minor, np.full(extra, OTHER_ACCEPTED))
    place = np.append(place, rng.choice(last, extra, p=flat / flat.sum()))
    month = np.append(month, rng.integers(12, size=extra))
    ward_known = np.append(ward_known, rng.random(extra) < 0.97)
    names = borough.geography.ward_names
    wards = np.array([names[at.ward] for at in borough.geography.places] + [""], dtype=object)
    start, end, recorded = times(rng, year, minor, wards[place], month)
    order = np.argsort(recorded, kind="stable")
    years = recorded[order].astype("M8[Y]").astype(int) + 1970
    reference = np.empty(len(order), dtype=object)
    for calendar_year in np.unique(years):
        mine = np.flatnonzero(years == calendar_year)
        base = first_reference(year, calendar_year, block)
        reference[mine] = [f"{base + i}/{calendar_year % 100:02d}" for i in range(len(mine))]
    reports = Reports(
        year, minor[order], place[order], ward_known[order], start[order], end[order], recorded[order],
        reference, wards[place[order]],
    )  # fmt: skip
    draw_flags(rng, reports, block.scale)
    draw_outcomes(rng, reports)
    return reports


def times(
    rng: np.random.Generator, year: Year, minor: np.ndarray, ward: np.ndarray, month: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """When each was committed (from, to) and recorded; the month of record stays as it is."""
    n = len(minor)
    major, name = np.array(MAJORS)[minor], np.array(MINORS)[minor]
    kind = np.full(n, "home", dtype=object)
    kind[np.isin(major, [THEFT]) | (name == "Robbery of Business Property")] = "trade"
    kind[np.isin(major, [VIOLENCE, ROBBERY, ORDER, NOT_NOTIFIABLE]) & (kind == "home")] = "night"
    kind[(kind == "night") & np.isin(ward.astype(str), WEST_END_WARDS)] = "west"
    kind[major == SEXUAL] = "late"
    kind[np.isin(major, [DRUGS, WEAPONS])] = "drugs"
    kind[name == RACIAL] = "hate"
    hour_of_week = np.zeros(n, dtype=int)
    for each, weights in TIMES.items():
        here = np.flatnonzero(kind == each)
        hour_of_week[here] = rng.choice(168, len(here), p=weights)
    first = np.datetime64(year.first, "M") + month
    first_day, days = first.astype("M8[D]"), ((first + 1).astype("M8[D]") - first.astype("M8[D]")).astype(int)
    weekday = (first_day.astype(int) + 3) % 7  # 1 January 1970 was a Thursday
    offset = (hour_of_week // 24 - weekday) % 7
    offset += 7 * (rng.random(n) * ((days - offset + 6) // 7)).astype(int)
    start = (
        first_day.astype("M8[m]")
        + offset * DAY
        + (hour_of_week % 24 * 60 + rng.integers(60, size=n)) * MINUTE
    )
    # People round: half of the times stand on a quarter of an hour.
    rounded = rng.random(n) < 0.5
    start[rounded] -= start[rounded].astype(int) % 15 * MINUTE
    unsure = {"Domestic Burglary": 0.45, "Burglary Business and Community": 0.5, "Bicycle Theft": 0.5,
              "Theft from a Motor Vehicle": 0.55, "Theft or Taking of a Motor Vehicle": 0.5,
              "Criminal Damage": 0.35, "Other Theft": 0.05, "Other Sexual Offences": 0.06,
              "Rape": 0.1}  # fmt: skip
    share = np.array([unsure.get(each, 0.02) for each in MINORS])[minor]
    length = np.where(
        rng.random(n) < share,
        rng.uniform(12.2, 20, n) * 60 + (rng.random(n) < 0.25) * rng.integers(1, 10, n) * 1440,
        np.where(rng.random(n) < 0.5, rng.integers(5, 90, n), 0),
    ).astype(int)
    end = start + length * MINUTE
    lag = rng.exponential(rng.choice([180, 1800, 20000], n, p=[0.6, 0.33, 0.07])).astype(int) + 5
    recorded = end + np.minimum(lag, 100_000) * MINUTE
    over = (recorded - ((first + 1).astype("M8[m]") - MINUTE)).astype(int)
    back = np.maximum(0, -(-over // 10080)) * WEEK  # whole weeks: weekday and hour stay
    start, end, recorded = start - back, end - back, recorded - back
    historic = rng.random(n) < np.where(major == SEXUAL, 0.15, 0.01)
    ago = historic * rng.integers(30, 1500, n) * DAY
    return start - ago, end - ago + historic * rng.integers(1, 90, n) * DAY * (ago > 90 * DAY), recorded


def ward_weights(ward: np.ndarray, wanted: dict[str, float]) -> np.ndarray:
    """Weights that bring the wards of `wanted` to their shares, and leave the others as they lie."""
    weight = np.ones(len(ward))
    n = max(1, len(ward))
    rest = 1 - sum(np.mean(ward == name) for name in wanted)
    for name, share in wanted.items():
        weight[ward == name] = share / max(np.sum(ward == name) / n, 1e-9)
    others = ~np.isin(ward.astype(str), list(wanted))
    weight[others] = (1 - sum(wanted.values())) / max(rest, 1e-9)
    return weight


def draw_flags(rng: np.random.Generator, reports: Reports, scale: float) -> None:
    """Set the flags. A crime may carry several strands of hate."""
    year, major, n = reports.year, reports.major, len(reports)
    minor = np.array(MINORS)[reports.minor]

    def marked(index: np.ndarray) -> np.ndarray:
        flag = np.zeros(n, dtype=bool)
        flag[index] = True
        return flag

    def some(of: np.ndarray, count: float, weight: np.ndarray | float = 1.0) -> np.ndarray:
        return choose(rng, of * weight, scaled(count, scale))

    of_oac = major == NOT_NOTIFIABLE
    domestic = []
    for of, share in (
        (of_oac, 0.37),
        (minor == "Violence without Injury", 0.333),
        (minor == "Violence with Injury", 0.18),
        (np.isin(minor, ["Criminal Damage", "Other Theft", "Rape", "Other Sexual Offences"]), 0.117),
    ):
        weight = np.zeros(n)
        weight[of] = ward_weights(reports.ward[of], DOMESTIC_WARDS)
        domestic.append(some(of, year.domestic * share, weight))
    reports.flags["domestic"] = marked(np.concatenate(domestic))
    free = ~reports.flags["domestic"]
    order, violence = year.hate_by_group
    hate = []
    for of, share in (
        (major == ORDER, order),
        (minor == "Violence without Injury", violence * 0.79),
        (minor == "Violence with Injury", violence * 0.21),
        (np.isin(minor, ["Criminal Damage", NOT_NOTIFIABLE]), 1 - order - violence),
    ):
        weight = np.zeros(n)
        weight[of] = ward_weights(reports.ward[of], HATE_WARDS) * np.where(minor[of] == RACIAL, 1000, 1)
        hate.append(some(of & free, year.hate * share, weight))
    hate = rng.permutation(np.concatenate(hate))
    hate = hate[np.argsort(minor[hate] != RACIAL, kind="stable")]  # the racially aggravated come first
    total = len(hate)
    racist, either = scaled(year.racist, scale), scaled(year.racist_or_faith, scale)
    faith_from = max(0, either - scaled(year.faith, scale))
    last = scaled(9, scale)  # transgender alone
    homophobic = scaled(year.homophobic, scale)
    more = max(0, homophobic - max(0, total - last - either))
    strands = {
        "racist": hate[:racist],
        "faith": hate[faith_from:either],
        "islamophobic": hate[faith_from : faith_from + scaled(year.islamophobic, scale)],
        "antisemitic": hate[max(faith_from, either - scaled(year.antisemitic, scale)) : either],
        "homophobic": np.concatenate([hate[either : max(either, total - last)], hate[:more]])[:homophobic],
        "transgender": hate[::-1][: scaled(year.transgender, scale)],
        "disability": hate[either : either + scaled(year.disability, scale)],
    }
    reports.flags |= {name: marked(index) for name, index in strands.items()}
    reports.flags["hate"] = marked(hate)
    injury, knife = year.knife_injury, year.knife - year.knife_injury
    hurt = [some(minor == "Violence with Injury", injury * 0.78), some(major == ROBBERY, injury * 0.2),
            some(minor == "Rape", injury * 0.02)]  # fmt: skip
    reports.flags["knife_injury"] = marked(np.concatenate(hurt))
    unhurt = ~reports.flags["knife_injury"]
    shown = [some((minor == "Robbery of Personal Property") & unhurt, knife * 0.68),
             some((minor == "Violence without Injury") & unhurt, knife * 0.24),
             some((minor == "Robbery of Business Property") & unhurt, knife * 0.08)]  # fmt: skip
    reports.flags["knife"] = marked(np.concatenate([*hurt, *shown]))
    violent = np.isin(major, [VIOLENCE, ROBBERY, SEXUAL])
    reports.flags["gun"] = marked(some(violent | (major == WEAPONS), 60))
    reports.flags["honour"] = marked(some(violent | of_oac, 11))
    stalked = minor == "Violence without Injury"
    reports.flags["stalking"] = marked(
        np.concatenate(
            [
                some(stalked & reports.flags["domestic"], 356 * 0.75),
                some(stalked & free & ~reports.flags["hate"], 356 * 0.25),
            ]
        )
    )
    reports.flags["slavery"] = marked(some(minor == "Violence without Injury", 89))
    reports.flags["gang"] = marked(some(violent | (major == DRUGS), 40))
    alcohol = np.where(violent, 0.13, 0.01) * np.where(reports.is_night, 1.6, 0.7)
    reports.flags["alcohol"] = rng.random(n) < alcohol


def draw_outcomes(rng: np.random.Generator, reports: Reports) -> None:
    """Sanction detections by class and flag, and the outcome type that goes with them."""
    year, n = reports.year, len(reports)
    share = reports.trait("detected")
    share = np.where(reports.major == SEXUAL, year.sexual_detected, share)
    share = np.where(reports.flags["domestic"], year.domestic_detected / 0.63, share)
    share = np.where(reports.flags["hate"], year.hate_detected, share)
    share = np.where(reports.minor == OTHER_ACCEPTED, 0, share)
    reports.detected = rng.random(n) < share
    closed = np.where(
        np.isin(reports.major, [THEFT, VEHICLE, BURGLARY, DAMAGE]),
        rng.choice(["18", "14", "15", "8"], n, p=[0.93, 0.03, 0.03, 0.01]),
        rng.choice(
            ["14", "15", "16", "18", "8", "10", "20"], n, p=[0.22, 0.14, 0.26, 0.31, 0.04, 0.02, 0.01]
        ),
    )
    closed = np.where(
        np.isin(reports.major, [DRUGS, WEAPONS]),
        rng.choice(["8", "10", "15", "22"], n, p=[0.7, 0.1, 0.15, 0.05]),
        closed,
    )
    charged = np.where(
        reports.major == DRUGS,
        rng.choice(["1", "3", "7", "6"], n, p=[0.5, 0.17, 0.25, 0.08]),
        np.where(
            reports.flags["domestic"],
            rng.choice(["1", "3"], n, p=[0.75, 0.25]),
            rng.choice(["1", "3", "2", "6"], n, p=[0.88, 0.09, 0.02, 0.01]),
        ),
    )
    outcome = np.where(reports.detected, charged, closed)
    # A third of the last four months was not assigned an outcome yet; before that, a few.
    recent = reports.recorded >= np.datetime64("2023-06")
    waiting = rng.random(n) < np.where(recent, 0.35, 0.05)
    outcome[waiting & ~reports.detected] = "0"
    reports.outcome = outcome.astype(object)
    reports.outcome[reports.minor == OTHER_ACCEPTED] = None
