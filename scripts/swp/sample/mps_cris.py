"""Crime reports of the Metropolitan Police (CRIS) with their victims, suspects and accused, a file a year.

The reports are the same invented crimes that the count files add up (`crimes`), a row each, with reports
that are not notifiable beside them. Shares are those that the strategic assessment 2024 prints on p16 to
p24, p49 to p52, p61 to p90 and in its appendix 5; what it does not print is assumed.
"""

import io
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from swp.sample.crimes import CLASSES, WEST_END_WARDS, Crimes, place_shares
from swp.sample.deliveries import Deliveries
from swp.sample.faults import broken_count, with_broken_rows
from swp.sample.geography import HOME, random_points, to_national_grid
from swp.sample.marginals import REVIEW_YEAR, YEAR_BEFORE, Marginals, generator, scaled
from swp.sample.mhclg import workbook
from swp.sample.people import NO_ABODE, OTHER_LONDON, OUTSIDE, WESTMINSTER, People, age_on

AGENCY = "mps_cris"
CRIME, VICTIM, SUSPECT, ACCUSED = "cris_crime", "cris_victim", "cris_suspect", "cris_accused"
MINUTE, DAY, WEEK = np.timedelta64(1, "m"), np.timedelta64(1440, "m"), np.timedelta64(10080, "m")
NOT_NOTIFIABLE = "Other Accepted Crime"
MINORS, MAJORS = [o.minor for o in CLASSES] + [NOT_NOTIFIABLE], [o.major for o in CLASSES] + [NOT_NOTIFIABLE]
OTHER_ACCEPTED = len(CLASSES)
VIOLENCE, SEXUAL, ROBBERY = "Violence Against the Person", "Sexual Offences", "Robbery"
THEFT, VEHICLE, BURGLARY, DRUGS = "Theft", "Vehicle Offences", "Burglary", "Drug Offences"
DAMAGE, ORDER, WEAPONS = "Arson and Criminal Damage", "Public Order Offences", "Possession of Weapons"
RACIAL = "Racially or Religiously Aggravated Public Fear, Al"


@dataclass(frozen=True)
class Year:
    """One delivery of the four files, with the printed or assumed numbers of its year."""

    period: str
    first: str
    last: str
    published: str
    not_notifiable: int
    hate: int
    racist: int
    faith: int
    racist_or_faith: int
    islamophobic: int
    antisemitic: int
    homophobic: int
    transgender: int
    disability: int
    hate_by_group: tuple[float, float]  # public order, violence
    hate_detected: float
    domestic: int
    domestic_detected: float
    sexual_detected: float
    knife: int
    knife_injury: int

    @property
    def months(self) -> str:
        return f"{self.first}_{self.last}".replace("-", "")


YEARS = (
    Year(YEAR_BEFORE, "2021-10", "2022-09", "2022-10-20", 2500, 2011, 1527, 180, 1607, 104, 44, 414, 49, 25,
         (0.75, 0.22), 0.177, 2526, 0.122, 0.086, 767, 160),
    Year(REVIEW_YEAR, "2022-10", "2023-09", "2023-10-19", 2600, 1976, 1543, 176, 1612, 83, 54, 355, 64, 33,
         (0.53, 0.31), 0.116, 2497, 0.088, 0.077, 1012, 177),
)  # fmt: skip
HATE_WARDS = {"St James's": 0.32, "West End": 0.26}
DOMESTIC_WARDS = {
    "St James's": 0.104, "West End": 0.096, "Queen's Park": 0.086, "Westbourne": 0.073,
    "Church Street": 0.07, "Harrow Road": 0.068,
}  # fmt: skip
# Residents among victims and among accused by ward of the crime, in per cent (appendix 5).
RESIDENTS = {
    "Abbey Road": (55, 26), "Bayswater": (54, 28), "Church Street": (59, 42), "Harrow Road": (64, 42),
    "Hyde Park": (36, 21), "Knightsbridge & Belgravia": (33, 10), "Lancaster Gate": (51, 31),
    "Little Venice": (61, 44), "Maida Vale": (60, 40), "Marylebone": (41, 26), "Pimlico North": (51, 39),
    "Pimlico South": (64, 54), "Queen's Park": (65, 64), "Regent's Park": (42, 30), "St James's": (20, 14),
    "Vincent Square": (54, 40), "West End": (23, 8), "Westbourne": (58, 54),
}  # fmt: skip
SAME_ADDRESS = {"St James's": 0.26, "West End": 0.29, "Queen's Park": 0.76, "Abbey Road": 0.75}

HO_CODES = {
    "Arson": {"56A": 0.2, "56B": 0.8},
    "Criminal Damage": {"58A": 0.25, "58B": 0.3, "58C": 0.25, "58D": 0.18, "58J": 0.02},
    "Burglary Business and Community": {"30C": 0.85, "30D": 0.15},
    "Domestic Burglary": {"28E": 0.78, "28F": 0.19, "28G": 0.02, "29A": 0.01},
    "Drug Trafficking": {"92A": 1}, "Possession of Drugs": {"92D": 0.4, "92E": 0.59, "92C": 0.01},
    "Historical Fraud and Forgery": {"55": 1}, "Absconding from Lawful Custody": {"80": 1},
    "Bail Offences": {"83": 1}, "Dangerous Driving": {"802": 1},
    "Disclosure, Obstruction, False or Misleading State": {"95": 1},
    "Exploitation of Prostitution": {"24": 1},
    "Going Equipped for Stealing": {"33": 1}, "Handling Stolen Goods": {"54": 1},
    "Making, Supplying or Possessing Articles for use i": {"33A": 1}, "Obscene Publications": {"86": 1},
    "Other Forgery": {"61": 1}, "Other Notifiable Offences": {"99": 1},
    "Perverting Course of Justice": {"79": 1},
    "Possession of False Documents": {"61A": 1}, "Profitting From or Concealing Proceeds of Crime": {"38": 1},
    "Threat or Possession With Intent to Commit Crimina": {"59": 1}, "Wildlife Crime": {"96": 1},
    "Other Firearm Offences": {"81": 1}, "Other Knife Offences": {"90": 1},
    "Possession of Article with Blade or Point": {"10D": 1}, "Possession of Firearm with Intent": {"10A": 1},
    "Possession of Firearms Offences": {"10B": 1}, "Possession of Other Weapon": {"10C": 1},
    "Other Offences Against the State, or Public Order": {"66": 1},
    "Public Fear Alarm or Distress": {"9A": 1},
    RACIAL: {"9B": 1}, "Violent Disorder": {"62A": 1}, "Robbery of Business Property": {"34A": 1},
    "Robbery of Personal Property": {"34B": 1},
    "Other Sexual Offences": {"20A": 0.72, "17A": 0.1, "88E": 0.1, "22B": 0.04, "20B": 0.02, "88A": 0.02},
    "Rape": {"19C": 0.88, "19F": 0.07, "19D": 0.05}, "Bicycle Theft": {"44": 1},
    "Other Theft": {"49": 0.86, "40": 0.06, "41": 0.02, "49A": 0.05, "35": 0.01}, "Shoplifting": {"46": 1},
    "Theft from Person": {"39": 1}, "Aggravated Vehicle Taking": {"37.2": 1},
    "Interfering with a Motor Vehicle": {"126": 1}, "Theft from a Motor Vehicle": {"45": 1},
    "Theft or Taking of a Motor Vehicle": {"48": 1}, "Homicide": {"1": 1},
    "Violence with Injury": {"8N": 0.87, "5D": 0.09, "8P": 0.01, "8S": 0.02, "2": 0.01},
    "Violence without Injury": {
        "105A": 0.62, "8L": 0.18, "8R": 0.09, "3B": 0.05, "104": 0.03, "105B": 0.02, "36": 0.01, "8M": 0.006,
    },
}  # fmt: skip
INJURY_TITLES = {
    "Actual bodily harm": 0.62,
    "Non-fatal strangulation or suffocation": 0.06,
    "Grievous bodily harm without intent": 0.17,
    "Wounding without intent": 0.15,
}

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

BANDS = ((10, 17), (18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 95))
VICTIM_AGES = {
    THEFT: (0.028, 0.255, 0.315, 0.185, 0.115, 0.062, 0.04),
    ROBBERY: (0.12, 0.32, 0.27, 0.13, 0.08, 0.05, 0.03),
    SEXUAL: (0.12, 0.31, 0.32, 0.14, 0.07, 0.03, 0.01),
    VIOLENCE: (0.06, 0.20, 0.30, 0.20, 0.13, 0.07, 0.04),
    NOT_NOTIFIABLE: (0.04, 0.18, 0.30, 0.22, 0.14, 0.07, 0.05),
}  # fmt: skip
OTHER_VICTIM_AGES = (0.005, 0.12, 0.28, 0.23, 0.17, 0.12, 0.075)
DOMESTIC_AGES, HATE_AGES = (
    (0.03, 0.20, 0.28, 0.23, 0.13, 0.08, 0.05),
    (0.03, 0.23, 0.30, 0.20, 0.13, 0.08, 0.03),
)
SUSPECT_AGES = {
    ROBBERY: (0.26, 0.36, 0.21, 0.10, 0.05, 0.02, 0.0), THEFT: (0.09, 0.24, 0.30, 0.20, 0.11, 0.05, 0.01),
    DRUGS: (0.04, 0.41, 0.29, 0.14, 0.08, 0.03, 0.01),
}  # fmt: skip
OTHER_SUSPECT_AGES = (0.13, 0.25, 0.27, 0.17, 0.10, 0.06, 0.02)
ACCUSED_AGES, DRUGS_ACCUSED_AGES = (
    (0.06, 0.23, 0.32, 0.21, 0.12, 0.05, 0.01),
    (0.03, 0.41, 0.29, 0.15, 0.08, 0.03, 0.01),
)
RESIDENCE = {WESTMINSTER: 0, OTHER_LONDON: 1, OUTSIDE: 2, NO_ABODE: 3}
RESIDENCE_TEXT = {
    WESTMINSTER: "Within Borough",
    OTHER_LONDON: "Other London Borough",
    OUTSIDE: "Outside London",
    NO_ABODE: "No Fixed Abode",
}
# How much likelier than in the population somebody of an ethnic appearance is met in a role.
MET_AS_VICTIM = {"IC1": 1.0, "IC2": 1.0, "IC3": 0.8, "IC4": 1.75, "IC5": 0.75, "IC6": 0.65}
MET_AS_OFFENDER = {"IC1": 0.85, "IC2": 0.85, "IC3": 2.05, "IC4": 0.65, "IC5": 0.5, "IC6": 1.5}

PARTNERS = {
    "F": {
        "Ex-girlfriend": 0.25, "Girlfriend": 0.2, "Daughter": 0.11, "Sister": 0.11, "Mother": 0.1,
        "Ex-wife": 0.06, "Wife": 0.09, "Other relative": 0.05, "Acquaintance": 0.03,
    },
    "M": {
        "Ex-boyfriend": 0.28, "Boyfriend": 0.2, "Husband": 0.12, "Son": 0.09, "Brother": 0.08,
        "Ex-husband": 0.09, "Father": 0.06, "Other relative": 0.05, "Acquaintance": 0.03,
    },
}  # fmt: skip
STRANGERS = {"Stranger": 0.62, "Acquaintance": 0.2, "Neighbour": 0.08, "Colleague": 0.05, "Customer": 0.05}
OCCUPATIONS = {
    "Student": 0.16, "Retail worker": 0.08, "Hospitality worker": 0.09, "Office worker": 0.3,
    "Health worker": 0.05, "Driver": 0.04, "Security": 0.03, "Police officer": 0.02, "Visitor": 0.12,
    "Retired": 0.05, "Not working": 0.06,
}  # fmt: skip
TRADE = ("Shoplifting", "Burglary Business and Community", "Robbery of Business Property", "Other Theft")
VENUES = {
    "trade": {"Shop / Store": 0.6, "Restaurant / Cafe": 0.14, "Hotel": 0.08, "Office": 0.1,
              "Theatre / Cinema": 0.03, "Bar / Public House": 0.05},
    "home": {"Flat / Maisonette": 0.68, "House": 0.24, "Hostel": 0.04, "Car Park / Garage": 0.04},
    "street": {"Street": 0.55, "Bar / Public House": 0.09, "Nightclub": 0.05, "Restaurant / Cafe": 0.07,
               "Railway / Underground Station": 0.06, "Bus / Bus Stop": 0.04, "Park / Open Space": 0.05,
               "Hotel": 0.03, "Taxi / Minicab": 0.02, "Hospital / Surgery": 0.01, "Casino": 0.01,
               "Other": 0.02},
    "road": {"Street": 0.86, "Car Park / Garage": 0.14},
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


def write(
    out: Deliveries, borough: Crimes, people: People, marginals: Marginals, *, seed: int, scale: float
) -> None:
    """Write the four files of each of the two years, and note in `people` whose rows are whose."""
    years = [draw_reports(borough, marginals, year, seed, scale) for year in YEARS]
    seen_before: dict[int, np.datetime64] = {}
    for reports in years:
        rng = generator(seed, AGENCY, "people", reports.year.period)
        write_crimes(out, borough, reports, seed, scale)
        victims = draw_victims(borough, people, reports, rng)
        partners = victims.write(out, people, rng, seen_before, scale)
        offenders = draw_accused(people, reports, partners, rng)
        write_suspects(out, people, reports, partners, offenders, rng, scale)
        write_accused(out, people, reports, offenders, rng, scale)


def drawn(rng: np.random.Generator, shares: dict[str, float], n: int) -> np.ndarray:
    """`n` keys of `shares`, in these shares, as text objects."""
    weights = np.array(list(shares.values()))
    keys = np.array(list(shares), dtype=object)
    return keys[rng.choice(len(keys), n, p=weights / weights.sum())] if n else keys[:0]


def choose(rng: np.random.Generator, weight: np.ndarray, n: int) -> np.ndarray:
    """`n` different positions by `weight`, or as many as have any."""
    possible = np.flatnonzero(weight > 0)
    order = np.argsort(rng.exponential(size=len(possible)) / weight[possible], kind="stable")
    return possible[order[:n]]


def draw_reports(borough: Crimes, marginals: Marginals, year: Year, seed: int, scale: float) -> Reports:
    """The reports of one year: those of `borough` and, beside them, what is not notifiable."""
    rng = generator(seed, AGENCY, "reports", year.period)
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
    extra = scaled(year.not_notifiable, scale)
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
        # The numbers of a calendar year run on from one delivery to the next.
        base = 6_500_000 if str(calendar_year) == year.first[:4] else 6_600_000
        reference[mine] = [f"{base + i}/{calendar_year % 100:02d}" for i in range(len(mine))]
    reports = Reports(
        year, minor[order], place[order], ward_known[order], start[order], end[order], recorded[order],
        reference, wards[place[order]],
    )  # fmt: skip
    draw_flags(rng, reports, scale)
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


def stamp(times: np.ndarray) -> np.ndarray:
    """Times as the extract writes them: 31/12/2022 23:59."""
    iso = np.datetime_as_string(times.astype("M8[m]"))
    return np.array([f"{t[8:10]}/{t[5:7]}/{t[:4]} {t[11:]}" for t in iso.tolist()], dtype=object)


def day(dates: np.ndarray) -> np.ndarray:
    """Dates as the extract writes them: 31/12/2022."""
    iso = np.datetime_as_string(dates.astype("M8[D]"))
    return np.array([f"{t[8:10]}/{t[5:7]}/{t[:4]}" for t in iso.tolist()], dtype=object)


def yes(flag: np.ndarray) -> np.ndarray:
    return np.where(flag, "Y", "N").astype(object)


def blanked(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """A copy of `values` with a blank where it says."""
    values = values.astype(object)
    values[where] = None
    return values


def text_table(columns: dict[str, np.ndarray]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def quoted_csv(table: pa.Table, encoding: str = "utf-8") -> bytes:
    """CSV with quotes where a value needs them (two class names hold commas)."""
    buffer = io.BytesIO()
    pa.csv.write_csv(table, buffer, pa.csv.WriteOptions(quoting_style="needed"))
    return buffer.getvalue() if encoding == "utf-8" else buffer.getvalue().decode().encode(encoding)


def plant_blanks(
    out: Deliveries, fault: str, file: str, column: str, values: np.ndarray, limit: float
) -> None:
    """Note that `column` is blank beyond the contract's `limit` (per cent); a small sample may not be."""
    blanks = int(sum(value is None for value in values))
    if blanks > limit / 100 * len(values):
        out.plant(fault, file, "column_is_filled", rows=blanks, column=column)


def write_crimes(out: Deliveries, borough: Crimes, reports: Reports, seed: int, scale: float) -> None:
    """Write the crime reports. The first year has no outcome types, and neither the business flag."""
    rng = generator(seed, AGENCY, "crimes", reports.year.period)
    year, n, first_year = reports.year, len(reports), reports.year is YEARS[0]
    placed = reports.place < len(borough.geography.places)
    x, y = np.zeros(n), np.zeros(n)
    longitude, latitude = random_points(borough.geography.places, reports.place[placed], rng)
    x[placed], y[placed] = to_national_grid(longitude, latitude)
    places = borough.geography.places
    ward_codes = np.array([place.ward for place in places] + [None], dtype=object)
    lsoas = np.array([place.code_2011 for place in places] + [None], dtype=object)
    code, title = np.full(n, None, dtype=object), np.full(n, None, dtype=object)
    for at, minor in enumerate(MINORS[:-1]):
        here = np.flatnonzero(reports.minor == at)
        code[here] = drawn(rng, HO_CODES[minor], len(here))
        title[here] = minor
    code[reports.flags["stalking"]] = "8Q"
    code[reports.flags["slavery"] & (np.array(MINORS)[reports.minor] == "Violence without Injury")] = "106"
    hurt = np.flatnonzero(code == "8N")
    title[hurt] = drawn(rng, INJURY_TITLES, len(hurt))
    strangled = hurt[reports.flags["domestic"][hurt] & (rng.random(len(hurt)) < 0.15)]
    title[strangled] = "Non-fatal strangulation or suffocation"
    notifiable = reports.minor != OTHER_ACCEPTED
    kind = np.full(n, "street", dtype=object)
    kind[np.isin(np.array(MINORS)[reports.minor], TRADE)] = "trade"
    kind[reports.flags["domestic"] | (np.array(MINORS)[reports.minor] == "Domestic Burglary")] = "home"
    kind[reports.major == VEHICLE] = "road"
    venue = np.full(n, None, dtype=object)
    for each, shares in VENUES.items():
        here = np.flatnonzero(kind == each)
        venue[here] = drawn(rng, shares, len(here))
    given = reports.recorded + rng.exponential(np.where(reports.detected, 45, 15) * 1440).astype(int) * MINUTE
    given = np.minimum(given.astype("M8[D]"), np.datetime64(year.published))
    flags = reports.flags
    columns = {
        "CRIME_REF_NO": reports.reference,
        "RECORDED_DATE": stamp(reports.recorded),
        "COMMITTED_FROM": blanked(stamp(reports.committed_from), rng.random(n) < 0.01),
        "COMMITTED_TO": blanked(stamp(reports.committed_to), rng.random(n) < 0.08),
        "HO_CODE": blanked(code, rng.random(n) < 0.01),
        "OFFENCE_TITLE": title,
        "MAJOR_TEXT": np.array(MAJORS, dtype=object)[reports.minor],
        "MINOR_TEXT": np.array(MINORS, dtype=object)[reports.minor],
        "TNO_FLAG": yes(notifiable),
        "FLAG_RH_RACIST": yes(flags["racist"]),
        "FLAG_FH_FAITH": yes(flags["faith"]),
        "FLAG_AS_ANTISEMITIC": yes(flags["antisemitic"]),
        "FLAG_IS_ISLAMOPHOBIC": yes(flags["islamophobic"]),
        "FLAG_HO_HOMOPHOBIC": yes(flags["homophobic"]),
        "FLAG_TG_TRANSGENDER": yes(flags["transgender"]),
        "FLAG_DH_DISABILITY": yes(flags["disability"]),
        "FLAG_DV_DOMESTIC": yes(flags["domestic"]),
        "FLAG_KN_KNIFE": yes(flags["knife"]),
        "FLAG_KI_KNIFE_INJURY": yes(flags["knife_injury"]),
        "FLAG_GN_GUN": yes(flags["gun"]),
        "FLAG_HV_HONOUR": yes(flags["honour"]),
        "FLAG_MS_MSHT": yes(flags["slavery"]),
        "FLAG_SK_STALKING": yes(flags["stalking"]),
        "FLAG_AL_ALCOHOL": yes(flags["alcohol"]),
        "FLAG_GG_GANG": yes(flags["gang"]),
        "BOROUGH": np.full(n, HOME[1], dtype=object),
        "WARD_CODE": blanked(ward_codes[reports.place], ~reports.ward_known),
        "WARD": blanked(reports.ward, ~reports.ward_known),
        "LSOA_CODE": lsoas[reports.place],
        "EASTING": blanked(np.char.mod("%d", x.round()), ~placed),
        "NORTHING": blanked(np.char.mod("%d", y.round()), ~placed),
        "VENUE_TYPE": blanked(venue, rng.random(n) < 0.12),
        "SANCTION_DETECTION": yes(reports.detected),
    }
    if not first_year:
        columns["HO_OUTCOME_CODE"] = blanked(reports.outcome, rng.random(n) < 0.02)
        without = (columns["HO_OUTCOME_CODE"] == "0") | ~notifiable | (rng.random(n) < 0.05)
        columns["OUTCOME_DATE"] = blanked(day(given), without)
        columns["SYSTEM_ID"] = np.array(
            [f"S{value:09d}" for value in rng.integers(10**9, size=n)], dtype=object
        )
    table = text_table(columns)
    broken = broken_count(scale, n, 6)
    bad = (
        ("RECORDED_DATE", "31/02/2022 10:00") if first_year else ("MINOR_TEXT", "Minor class to be confirmed")
    )
    fresh = pa.array([f"69{year.last[2:4]}{i:03d}/{year.last[2:4]}" for i in range(broken)])
    table = with_broken_rows(table, *bad, broken, {"CRIME_REF_NO": fresh})
    name = f"{CRIME}_{year.months}.csv.gz"
    file = out.add(CRIME, name, quoted_csv(table), published=year.published, rows=table.num_rows)
    check = "row_value_does_not_parse" if first_year else "row_value_not_in_code_list"
    out.plant(f"{check.split('_', 1)[1].replace('_', ' ')}", file, check, rows=broken, column=bad[0])
    missing = {"FLAG_BC_BUSINESS": "G094: no business crime flag", "LOCATION_UPRN": "G097: no exact place"}
    if first_year:
        missing |= {"HO_OUTCOME_CODE": "G005: no outcome type", "OUTCOME_DATE": "G005: no date of outcome"}
    for column, fault in missing.items():
        out.plant(fault, file, "column_is_delivered", rows=table.num_rows, column=column)
    if not first_year:
        out.plant(
            "column that was not agreed", file, "unexpected_column", rows=table.num_rows, column="SYSTEM_ID"
        )
        for month in ("2023-06", "2023-07", "2023-08", "2023-09"):
            inside = reports.recorded.astype("M8[M]") == np.datetime64(month)
            open_ = int((inside & (columns["HO_OUTCOME_CODE"] == "0")).sum())
            out.plant("G007: a third without an outcome yet", file, "outcome_not_yet_assigned", rows=open_,
                      column="HO_OUTCOME_CODE", month=month)  # fmt: skip


def draw_people(
    rng: np.random.Generator,
    people: People,
    female: np.ndarray,
    band: np.ndarray,
    residence: np.ndarray,
    *,
    repeat: float,
    met: dict[str, float],
) -> np.ndarray:
    """The person of each row, by sex, age band (of BANDS) and residence (of RESIDENCE)."""
    weight = np.array([met[code] for code in people.ic_code])
    who = np.zeros(len(female), dtype=np.int64)
    homeless = residence == RESIDENCE[NO_ABODE]
    who[homeless] = people.pick(rng, int(homeless.sum()), age=(18, 80), residence=NO_ABODE, repeat=0.5)
    for lives, at in list(RESIDENCE.items())[:3]:
        for b, ages in enumerate(BANDS):
            for sex, is_female in (("F", True), ("M", False)):
                here = np.flatnonzero((residence == at) & (band == b) & (female == is_female))
                who[here] = people.pick(
                    rng,
                    len(here),
                    age=ages,
                    on="2022-10-01",
                    sex=sex,
                    residence=lives,
                    repeat=repeat,
                    weight=weight,
                )
    return who


def draw_bands(rng: np.random.Generator, major: np.ndarray, ages: dict, other: tuple) -> np.ndarray:
    """The age band of each row, by its major class."""
    band = np.zeros(len(major), dtype=int)
    for each in np.unique(major):
        here = np.flatnonzero(major == each)
        weights = np.array(ages.get(each, other))
        band[here] = rng.choice(len(BANDS), len(here), p=weights / weights.sum())
    return band


def draw_residence(
    rng: np.random.Generator,
    share: np.ndarray,
    ward: np.ndarray,
    column: int,
    overall: float,
    band: np.ndarray,
) -> np.ndarray:
    """Where each lives: residents by class (`share`) and by ward of the crime (a column of RESIDENTS)."""
    n = len(share)
    by_ward = np.array([RESIDENTS.get(name, (100 * overall, 100 * overall))[column] / 100 for name in ward])
    resident = rng.random(n) < np.clip(by_ward * (share / overall) ** 0.6, 0.01, 0.97)
    other = rng.choice([1, 2, 3], n, p=[0.665, 0.325, 0.01] if column == 0 else [0.78, 0.15, 0.07])
    other[(other == 3) & (band == 0)] = 1  # no child without an abode
    return np.where(resident, 0, other)


@dataclass
class Victims:
    """The victims of one year, a row each: the report's position, its sequence, the person (-1 for none)."""

    reports: Reports
    report: np.ndarray
    sequence: np.ndarray
    person: np.ndarray
    at_home: np.ndarray
    suspect_relation: np.ndarray

    def write(
        self,
        out: Deliveries,
        people: People,
        rng: np.random.Generator,
        seen_before: dict[int, np.datetime64],
        scale: float,
    ) -> "Partners":
        """Write the victims; return who of domestic abuse is whose suspect."""
        reports, year = self.reports, self.reports.year
        first_year, n = year is YEARS[0], len(self.report)
        is_org = self.person < 0
        natural = np.flatnonzero(~is_org)
        report = self.report
        references = np.array(
            [f"{reports.reference[r]}-{s}" for r, s in zip(report, self.sequence, strict=True)], dtype=object
        )
        seen = people.observe(
            rng, self.person[natural], AGENCY, error=0.03, table=VICTIM, rows=references[natural]
        )

        def spread(name: str) -> np.ndarray:
            values = np.full(n, None, dtype=object)
            values[natural] = seen[name]
            return values

        committed = reports.committed_from[report].astype("M8[D]")
        age = np.full(n, None, dtype=object)
        years = age_on(people.birth_date[self.person[natural]], committed[natural])
        age[natural] = np.maximum(years, 0).astype(str)
        flags = {name: reports.flags[name][report] for name in ("domestic", "hate")}
        known = reports.trait("seen")[report]
        known = np.where(flags["domestic"], 0.76, np.where(flags["hate"], 0.68, known))
        unseen = rng.random(n) >= known
        ic_code = spread("ic_code")
        ic_code[unseen & (rng.random(n) < 0.9)] = None
        ic_code[unseen & ~is_org & (ic_code != None)] = "IC9"  # noqa: E711
        category, borough, ward, postcode, address = residence_columns(
            people, self.person, seen, natural, rng.random(n) < 0.22, rng.random(n) < 0.08
        )
        at_home = self.at_home & (category == "Within Borough")
        ward[at_home] = people.ward_code[self.person[at_home]]
        major = reports.major[report]
        violent = np.isin(major, [VIOLENCE, ROBBERY, SEXUAL])
        injury = injuries(rng, reports, report)
        injury[~violent | is_org | (rng.random(n) < 0.25)] = None
        born = np.array([t and f"{t[8:]}/{t[5:7]}/{t[:4]}" for t in spread("birth_date")], dtype=object)
        columns = {
            "CRIME_REF_NO": reports.reference[report],
            "VICTIM_SEQ": self.sequence.astype(str).astype(object),
            "VICTIM_KEY": blanked(spread("reference"), rng.random(n) < 0.04),
            "REPEAT_VICTIM_FLAG": blanked(
                yes(self.repeats(seen_before) & (rng.random(n) < 0.85)), is_org | (rng.random(n) < 0.05)
            ),
            "ORGANISATION_FLAG": yes(is_org),
            "ORGANISATION_NAME": organisations(rng, is_org),
            "FORENAME": spread("given_name"),
            "SURNAME": spread("family_name"),
            "DOB": born,
            "AGE": blanked(age, rng.random(n) < 0.06),
            "SEX": blanked(spread("sex"), rng.random(n) < np.where(flags["domestic"], 0.1, 0.04)),
            "IC_CODE": ic_code,
            "SDE_CODE": blanked(spread("self_defined"), rng.random(n) < 0.68),
            "DISABILITY_FLAG": blanked(yes(rng.random(n) < 0.018), is_org | (rng.random(n) < 0.22)),
            "RES_CATEGORY": category,
            "RES_BOROUGH": borough,
            "RES_WARD_CODE": ward,
            "RES_POSTCODE": postcode,
            "RES_ADDRESS": address,
            "ADDRESS_IS_VENUE": blanked(yes(self.at_home), is_org | (rng.random(n) < 0.1)),
            "INJURY_LEVEL": injury,
            "VCL_GIVEN": blanked(
                yes(rng.random(n) < np.where(flags["hate"], 0.28, 0.36)), is_org | (rng.random(n) < 0.25)
            ),
            "OCCUPATION": blanked(drawn(rng, OCCUPATIONS, n), is_org | (rng.random(n) < 0.6)),
            "REL_TO_SUSPECT": self.suspect_relation,
        }
        if first_year:
            del columns["VICTIM_KEY"], columns["REPEAT_VICTIM_FLAG"]
        table = text_table(columns)
        broken = broken_count(scale, n, 4)
        blank, value = ("CRIME_REF_NO", None) if first_year else ("VICTIM_SEQ", "first")
        table = with_broken_rows(table, blank, value, broken)
        name = f"{VICTIM}_{year.months}.csv.gz"
        content = quoted_csv(table, "cp1252" if first_year else "utf-8")
        file = out.add(VICTIM, name, content, published=year.published, rows=table.num_rows)
        check = "row_key_is_blank" if first_year else "row_value_does_not_parse"
        out.plant(check.removeprefix("row_").replace("_", " "), file, check, rows=broken, column=blank)
        if first_year:
            for column, gaps in (
                ("VICTIM_KEY", "G001, G012, G014, G074: no victim key"),
                ("REPEAT_VICTIM_FLAG", "G001, G012, G014, G074: no repeat victim flag"),
            ):
                out.plant(gaps, file, "column_is_delivered", rows=table.num_rows, column=column)
        for column, limit, gaps in (
            ("IC_CODE", 40, "G013, G049, G060, G073, G083, G090, G095: ethnic appearance mostly blank"),
            ("SDE_CODE", 60, "G013, G107: self-defined ethnicity mostly blank"),
        ):
            plant_blanks(out, gaps, file, column, columns[column][natural], limit)
        domestic = np.flatnonzero(flags["domestic"] & ~is_org)
        return Partners(report[domestic], self.person[domestic], people, rng)

    def repeats(self, seen_before: dict[int, np.datetime64]) -> np.ndarray:
        """Whether each is a victim of an earlier report of 12 months; `seen_before` is carried on."""
        recorded = self.reports.recorded[self.report]
        order = np.lexsort((recorded, self.person))
        person, when = self.person[order], recorded[order]
        same = np.append(False, person[1:] == person[:-1])
        earlier = np.append(when[:1], when[:-1])
        firsts = np.flatnonzero(~same)
        long_ago = np.datetime64("1900-01-01T00:00")
        earlier[firsts] = [seen_before.get(p, long_ago) for p in person[firsts].tolist()]
        is_repeat = np.zeros(len(order), dtype=bool)
        is_repeat[order] = (when - earlier <= 365 * DAY) & (person >= 0)
        lasts = np.append(~same[1:], True)
        seen_before.update(zip(person[lasts].tolist(), when[lasts], strict=True))
        return is_repeat


def residence_columns(
    people: People,
    person: np.ndarray,
    seen: dict[str, np.ndarray],
    natural: np.ndarray,
    blank: np.ndarray,
    not_known: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Category, borough, ward, postcode and address of the home: blank, or not known, all together."""
    n = len(person)
    category, borough, ward, postcode, address = (np.full(n, None, dtype=object) for _ in range(5))
    category[natural] = [RESIDENCE_TEXT[text] for text in seen["residence"]]
    for values, name in (
        (borough, "borough"),
        (ward, "ward_code"),
        (postcode, "postcode"),
        (address, "address"),
    ):
        values[natural] = seen[name]
        values[blank | not_known] = None
    category[not_known & (category != None)] = "Not Known"  # noqa: E711
    category[blank] = None
    return category, borough, ward, postcode, address


def injuries(rng: np.random.Generator, reports: Reports, report: np.ndarray) -> np.ndarray:
    """The degree of injury of each victim, as the class has it."""
    minor = np.array(MINORS)[reports.minor[report]]
    n = len(report)
    hurt = (minor == "Violence with Injury") | reports.flags["knife_injury"][report]
    level = np.where(
        hurt,
        rng.choice(["Minor", "Moderate", "Serious"], n, p=[0.72, 0.2, 0.08]),
        rng.choice(["No injury", "Threats only", "Minor"], n, p=[0.84, 0.1, 0.06]),
    ).astype(object)
    level[minor == "Homicide"] = "Fatal"
    return level


def organisations(rng: np.random.Generator, is_org: np.ndarray) -> np.ndarray:
    """Invented names of organisations, some of them victims again and again."""
    kinds = ("Stores", "Retail", "Hotel", "Catering", "Theatre", "Pharmacy", "Outfitters", "Bank")
    stems = (
        "Brelmark",
        "Caldvane",
        "Dorvex",
        "Fenthill",
        "Jorbana",
        "Kelvode",
        "Morvista",
        "Prydell",
        "Tarvanne",
    )
    names = np.array([f"{a} {b} {i}" for i in range(1, 7) for a in stems for b in kinds], dtype=object)
    weight = 1 / (np.arange(len(names)) + 5)
    values = np.full(len(is_org), None, dtype=object)
    values[is_org] = names[rng.choice(len(names), int(is_org.sum()), p=weight / weight.sum())]
    return values


class Partners:
    """For each report of domestic abuse its suspect: the same one for the same victim."""

    def __init__(self, report: np.ndarray, victim: np.ndarray, people: People, rng: np.random.Generator):
        unique, inverse = np.unique(victim, return_inverse=True)
        victim_f = people.sex[unique] == "F"
        female = np.where(victim_f, rng.random(len(unique)) < 0.17, rng.random(len(unique)) < 0.55)
        weights = np.array((0.04, 0.2, 0.28, 0.22, 0.15, 0.09, 0.02))
        band = rng.choice(len(BANDS), len(unique), p=weights / weights.sum())
        residence = rng.choice([0, 1, 2], len(unique), p=[0.55, 0.38, 0.07])
        who = draw_people(rng, people, female, band, residence, repeat=0.1, met=MET_AS_OFFENDER)
        self.person = dict(zip(report.tolist(), who[inverse].tolist(), strict=True))


def draw_victims(borough: Crimes, people: People, reports: Reports, rng: np.random.Generator) -> Victims:
    """Who the victims are: organisations and people, residents above all where the class says so."""
    n = len(reports)
    has_org = rng.random(n) < reports.trait("organisation")
    chance = reports.trait("person")
    has_person = np.where(chance + reports.trait("organisation") <= 1.001, ~has_org, True) & (
        rng.random(n) < np.where(has_org, 1, chance / np.maximum(1 - reports.trait("organisation"), 1e-9))
    )
    has_person &= chance > 0
    robbed = has_org & (np.array(MINORS)[reports.minor] == "Robbery of Business Property")
    has_person |= robbed & (rng.random(n) < 0.5)
    violent = np.isin(reports.major, [VIOLENCE, ROBBERY])
    second = has_person & violent & ~reports.flags["domestic"] & (rng.random(n) < 0.06)
    report = np.concatenate([np.flatnonzero(has_org), np.flatnonzero(has_person), np.flatnonzero(second)])
    is_person = np.arange(len(report)) >= has_org.sum()
    order = np.argsort(report, kind="stable")
    report, is_person = report[order], is_person[order]
    starts = np.append(True, report[1:] != report[:-1])
    first = np.maximum.accumulate(np.where(starts, np.arange(len(report)), 0))
    sequence = np.arange(len(report)) - first + 1
    at = np.flatnonzero(is_person)
    who = report[at]
    domestic, hate = reports.flags["domestic"][who], reports.flags["hate"][who]
    major = reports.major[who]
    band = draw_bands(rng, major, VICTIM_AGES, OTHER_VICTIM_AGES)
    for flag, ages in ((domestic, DOMESTIC_AGES), (hate, HATE_AGES)):
        weights = np.array(ages)
        band[flag] = rng.choice(len(BANDS), int(flag.sum()), p=weights / weights.sum())
    share_f = np.where(domestic, 0.63, np.where(hate, 0.36, reports.trait("victim_f")[who]))
    female = rng.random(len(who)) < share_f
    share = np.where(domestic, 0.72, reports.trait("victim_resident")[who])
    residence = draw_residence(rng, share, reports.ward[who], 0, 0.33, band)
    person = draw_people(rng, people, female, band, residence, repeat=0.1, met=MET_AS_VICTIM)
    home_share = np.where(domestic, [SAME_ADDRESS.get(w, 0.6) for w in reports.ward[who]], 0.02)
    home_share = np.where(np.array(MINORS)[reports.minor[who]] == "Domestic Burglary", 0.95, home_share)
    at_home = (rng.random(len(who)) < home_share) & (reports.ward[who] != "")
    code_of = {name: code for code, name in borough.geography.ward_names.items()}
    lives_in = people.ward_code.astype("U9")
    for ward, code in code_of.items():
        for sex, is_female in (("F", True), ("M", False)):
            here = np.flatnonzero(at_home & (reports.ward[who] == ward) & (female == is_female))
            lives = (lives_in == code).astype(float)
            person[here] = people.pick(rng, len(here), age=(16, 95), sex=sex, repeat=0.25, weight=lives)
    everybody, home = np.full(len(report), -1), np.zeros(len(report), dtype=bool)
    everybody[at], home[at] = person, at_home
    relation = np.full(len(report), None, dtype=object)
    known = np.flatnonzero(is_person & (rng.random(len(report)) < 0.08) & ~reports.flags["domestic"][report])
    relation[known] = drawn(rng, STRANGERS, len(known))
    return Victims(reports, report, sequence, everybody, home, relation)


@dataclass
class Offenders:
    """Who is accused of what: positions of reports and persons."""

    report: np.ndarray
    person: np.ndarray


def draw_accused(people: People, reports: Reports, partners: Partners, rng: np.random.Generator) -> Offenders:
    """Somebody accused in most detected crimes, of hate crime in fewer (86 are printed)."""
    n = len(reports)
    has = reports.detected & (rng.random(n) < np.where(reports.flags["hate"], 0.37, 0.85))
    report = np.flatnonzero(has)
    report = np.sort(np.append(report, report[rng.random(len(report)) < 0.06]))
    major = reports.major[report]
    band = draw_bands(rng, major, {DRUGS: DRUGS_ACCUSED_AGES}, ACCUSED_AGES)
    female = rng.random(len(report)) < reports.trait("accused_f")[report]
    share = reports.trait("accused_resident")[report]
    residence = draw_residence(rng, share, reports.ward[report], 1, 0.17, band)
    person = draw_people(rng, people, female, band, residence, repeat=0.35, met=MET_AS_OFFENDER)
    for at in np.flatnonzero(reports.flags["domestic"][report]):
        person[at] = partners.person.get(int(report[at]), person[at])
    return Offenders(report, person)


def write_suspects(
    out: Deliveries,
    people: People,
    reports: Reports,
    partners: Partners,
    offenders: Offenders,
    rng: np.random.Generator,
    scale: float,
) -> None:
    """Write the suspects: the accused, and others, most of them known by description only."""
    n, year = len(reports), reports.year
    accused = np.zeros(n, dtype=bool)
    accused[offenders.report] = True
    others = np.flatnonzero(~accused & (rng.random(n) < reports.trait("suspect")))
    more = others[np.isin(reports.major[others], [ROBBERY, VIOLENCE]) & (rng.random(len(others)) < 0.22)]
    loose = np.concatenate([others, more])
    major = reports.major[loose]
    band = draw_bands(rng, major, SUSPECT_AGES, OTHER_SUSPECT_AGES)
    female = rng.random(len(loose)) < np.where(
        reports.flags["hate"][loose], 0.13, reports.trait("suspect_f")[loose]
    )
    residence = rng.choice([0, 1, 2], len(loose), p=[0.2, 0.65, 0.15])
    person = draw_people(rng, people, female, band, residence, repeat=0.25, met=MET_AS_OFFENDER)
    for at in np.flatnonzero(reports.flags["domestic"][loose][: len(others)]):
        person[at] = partners.person.get(int(loose[at]), person[at])
    report = np.concatenate([offenders.report, loose])
    person = np.concatenate([offenders.person, person])
    named = np.concatenate([np.ones(len(offenders.report), dtype=bool), rng.random(len(loose)) < 0.28])
    named |= reports.flags["domestic"][report] & (rng.random(len(report)) < 0.85)
    order = np.argsort(report, kind="stable")
    report, person, named = report[order], person[order], named[order]
    starts = np.append(True, report[1:] != report[:-1])
    sequence = np.arange(len(report)) - np.maximum.accumulate(np.where(starts, np.arange(len(report)), 0)) + 1
    rows = np.array(
        [f"{reports.reference[r]}-{s}" for r, s in zip(report, sequence, strict=True)], dtype=object
    )
    total, at = len(report), np.flatnonzero(named)
    seen = people.observe(rng, person[at], AGENCY, error=0.05, table=SUSPECT, rows=rows[at])
    committed = reports.committed_from[report].astype("M8[D]")
    age = np.maximum(age_on(people.birth_date[person], committed), 10)
    guess = ~named & (rng.random(total) < 0.7)
    age = np.where(guess, (age + 2) // 5 * 5, age).astype(str).astype(object)
    domestic, hate = reports.flags["domestic"][report], reports.flags["hate"][report]
    no_age = rng.random(total) >= np.where(hate, 0.75, np.where(domestic, 0.72, np.where(named, 0.85, 0.22)))
    no_look = rng.random(total) >= np.where(hate, 0.64, np.where(named & ~domestic, 0.6, 0.5))
    relation = np.full(total, None, dtype=object)
    for sex, shares in PARTNERS.items():
        here = np.flatnonzero(domestic & (people.sex[person] == sex))
        relation[here] = drawn(rng, shares, len(here))
    known = np.flatnonzero(~domestic & (rng.random(total) < 0.27))
    relation[known] = drawn(rng, STRANGERS, len(known))
    born = np.array([t and f"{t[8:]}/{t[5:7]}/{t[:4]}" for t in seen["birth_date"]], dtype=object)

    def spread(values: np.ndarray) -> np.ndarray:
        whole = np.full(total, None, dtype=object)
        whole[at] = values
        return whole

    columns = {
        "CRIME_REF_NO": reports.reference[report],
        "SUSPECT_SEQ": sequence.astype(str).astype(object),
        "SUSPECT_KEY": spread(seen["reference"]),
        "FORENAME": spread(seen["given_name"]),
        "SURNAME": spread(seen["family_name"]),
        "DOB": spread(born),
        "AGE": blanked(age, no_age),
        "SEX": blanked(people.sex[person], rng.random(total) < 0.13),
        "IC_CODE": blanked(people.ic_code[person], no_look),
        "REL_TO_VICTIM": relation,
    }
    table = text_table(columns)
    broken = broken_count(scale, total, 4)
    table = with_broken_rows(table, "SUSPECT_SEQ", None, broken)
    twice = broken_count(scale, total, 10)
    again = table.slice(0, twice).set_column(
        table.schema.get_field_index("SEX"), "SEX", pa.array(["U"] * twice, pa.string())
    )
    table = pa.concat_tables([table, again])
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    name = f"{SUSPECT}_{year.months}.parquet"
    file = out.add(SUSPECT, name, buffer.getvalue(), published=year.published, rows=table.num_rows)
    out.plant("blank sequence of the suspect", file, "row_key_is_blank", rows=broken, column="SUSPECT_SEQ")
    out.plant("suspect sent twice, with another sex", file, "repeated_key", rows=twice)
    for column, gaps in (
        ("RES_CATEGORY", "G063, G091, G103, G107, G119: no residence of suspects"),
        ("RES_BOROUGH", "G063, G091, G103, G107, G119: no home borough of suspects"),
    ):
        out.plant(gaps, file, "column_is_delivered", rows=table.num_rows, column=column)
    for column, gaps in (
        ("AGE", "G059, G050: age of the suspect mostly blank"),
        ("IC_CODE", "G062, G050, G076: ethnic appearance of the suspect often blank"),
    ):
        plant_blanks(out, gaps, file, column, columns[column], 40)


def write_accused(
    out: Deliveries,
    people: People,
    reports: Reports,
    offenders: Offenders,
    rng: np.random.Generator,
    scale: float,
) -> None:
    """Write the accused as a workbook with two rows of title. From April 2023 their homes are blank."""
    year, report, person = reports.year, offenders.report, offenders.person
    n, last_day = len(report), np.datetime64(reports.year.last, "M") + 1
    starts = np.append(True, report[1:] != report[:-1])
    sequence = np.arange(n) - np.maximum.accumulate(np.where(starts, np.arange(n), 0)) + 1
    rows = np.array(
        [f"{reports.reference[r]}-{s}" for r, s in zip(report, sequence, strict=True)], dtype=object
    )
    seen = people.observe(rng, person, AGENCY, error=0.02, table=ACCUSED, rows=rows)
    age = np.maximum(age_on(people.birth_date[person], reports.committed_from[report].astype("M8[D]")), 10)
    given = (reports.recorded[report] + (rng.exponential(7, n) * 1440).astype(int) * MINUTE).astype("M8[D]")
    given = np.minimum(given, last_day.astype("M8[D]") - 1)
    disposal = np.array(
        [{"1": "Charged", "2": "Youth Caution", "3": "Adult Caution", "6": "Penalty Notice for Disorder",
          "7": "Cannabis Warning"}[code] for code in reports.outcome[report]],
        dtype=object,
    )  # fmt: skip
    charged = np.flatnonzero(disposal == "Charged")
    disposal[charged] = drawn(rng, {"Charged": 0.85, "Further Charge": 0.1, "Summonsed": 0.05}, len(charged))
    disposal[(disposal == "Adult Caution") & (age < 18)] = "Youth Caution"
    late = given >= np.datetime64("2023-04-01")
    blank = rng.random(n) < np.where(late, 0.93, 0.12)
    category, borough, _, postcode, address = residence_columns(
        people, person, seen, np.arange(n), blank, rng.random(n) < 0.04
    )
    relation = np.full(n, None, dtype=object)
    for sex, shares in PARTNERS.items():
        here = np.flatnonzero(reports.flags["domestic"][report] & (people.sex[person] == sex))
        relation[here] = drawn(rng, shares, len(here))
    code = [next(iter(HO_CODES[MINORS[minor]])) for minor in reports.minor[report]]
    columns = {
        "CRIME_REF_NO": reports.reference[report],
        "ACCUSED_SEQ": sequence,
        "ACCUSED_KEY": seen["reference"],
        "FORENAME": seen["given_name"],
        "SURNAME": seen["family_name"],
        "DOB": np.array([t and f"{t[8:]}/{t[5:7]}/{t[:4]}" for t in seen["birth_date"]], dtype=object),
        "AGE": blanked(age, rng.random(n) < 0.02),
        "SEX": seen["sex"],
        "IC_CODE": blanked(seen["ic_code"], rng.random(n) < 0.12),
        "SDE_CODE": blanked(seen["self_defined"], rng.random(n) < 0.3),
        "RES_CATEGORY": category,
        "RES_BOROUGH": borough,
        "RES_POSTCODE": postcode,
        "RES_ADDRESS": address,
        "REL_TO_VICTIM": relation,
        "DISPOSAL": disposal,
        "CHARGE_DATE": day(given),
        "CHARGED_HO_CODE": blanked(np.array(code, dtype=object), rng.random(n) < 0.03),
    }
    body = [
        list(row) for row in zip(*(np.asarray(v, object).tolist() for v in columns.values()), strict=True)
    ]
    broken = broken_count(scale, n, 3)
    for i in range(broken):
        body.append([*body[i][:-2], "not given", body[i][-1]])
        body[-1][0] = f"69{year.last[2:4]}9{i:02d}/{year.last[2:4]}"
    title = [[f"Accused, {HOME[1]}, {year.first} to {year.last}"], ["Synthetic sample"], []]
    content = workbook(
        {"Cover": [["Synthetic sample: no real person"]], "Accused": [*title, list(columns), *body]}
    )
    name = f"{ACCUSED}_{year.months}.xlsx"
    file = out.add(ACCUSED, name, content, published=year.published, rows=len(body))
    out.plant("date that is none", file, "row_value_does_not_parse", rows=broken, column="CHARGE_DATE")
    if year is YEARS[1]:
        at_home = ~np.isin(category.astype(str), ["Outside London", "No Fixed Abode"])
        for column, values in (("RES_CATEGORY", category), ("RES_BOROUGH", borough[at_home])):
            plant_blanks(
                out, "G020, G107, G119: residence not supplied from April 2023", file, column, values, 40
            )
