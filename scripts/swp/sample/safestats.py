"""Extracts of SafeStats: transport police incidents, ambulance call-outs, incidents on buses and trains.

The layouts are assumed. Totals and shares are those of the strategic assessment 2024 (page beside each), or
assumed where it prints none.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from swp.sample.crimes import TOP_LSOAS, WEST_END_WARDS, place_shares
from swp.sample.deliveries import Deliveries, csv_bytes, pick, same
from swp.sample.faults import broken_count, with_broken_rows
from swp.sample.geography import Geography
from swp.sample.lfb import blank_where, clock, texts
from swp.sample.marginals import REVIEW_YEAR, Marginals, generator, scaled, spread

BTP, LAS, TFL = "btp_incident", "las_callout", "tfl_incident"

# Offence group, Home Office code, share of the offences of the year before and of the review year (p10).
BTP_GROUPS = [
    ("Theft of passenger property", "039/00", 0.440, 0.560),
    ("Violence against the person", "105/01", 0.170, 0.130),
    ("Less serious public order", "125/11", 0.130, 0.100),
    ("Robbery", "034/01", 0.040, 0.040),
    ("Sexual offences", "020/05", 0.050, 0.040),
    ("Drugs", "092/59", 0.050, 0.035),
    ("Serious public order offences", "066/91", 0.040, 0.030),
    ("Criminal damage/malicious mischief", "149/00", 0.030, 0.025),
    ("Motor vehicle/cycle offences", "044/00", 0.020, 0.015),
    ("Theft of railway property/burglary", "049/10", 0.015, 0.015),
    ("Line of route offences", "099/99", 0.005, 0.003),
    ("Serious fraud", "053/01", 0.005, 0.003),
    ("Other serious offences", "099/00", 0.005, 0.004),
]
# Offences a month are assumed; the wards' shares are printed (p11).
BTP_A_MONTH = {"2021-10": 330, "2022-10": 430}
BTP_WARDS = {"West End": 37, "St James's": 27}
BTP_FILES = (
    ("2021-10", "2022-09", "btp_westminster_202110_202209.csv", "2022-11-14"),
    ("2022-10", "2023-07", "btp_westminster_202210_202307.csv", "2023-10-02"),
)
BTP_OUTCOMES = ["Undetected", "Charged", "Caution", "Community resolution", "Under investigation"]

# Category: call-outs in the year before and in the review year (p30, p67; others from the shares of all),
# share of the two wards (p11, p30), of the three LSOAs (p30), of the night there and elsewhere (p30, p86).
LAS_CATEGORIES = {
    "Alcohol related": (2260, 2128, 0.60, 0.28, 0.79, 0.615),
    "Assault": (790, 774, 0.54, 0.25, 0.82, 0.65),
    "Overdose": (910, 880, 0.30, 0.13, 0.55, 0.50),
    "Other": (34_700, 34_909, 0.22, 0.09, 0.42, 0.42),
}
MALE_SHARE = {"Alcohol related": 0.52, "Assault": 0.82, "Overdose": 0.54, "Other": 0.5}
AGE_STARTS = np.array([10, 16, 18, 21, 25, 26, 31, 41, 51, 66, 90])
# A quarter of assaults are on people under 25 (p67); 21 to 25 and 26 to 30 are the peaks.
AGE_SHARES = {
    "Assault": [0.03, 0.03, 0.06, 0.13, 0.04, 0.17, 0.24, 0.16, 0.11, 0.03],
    "Alcohol related": [0.01, 0.02, 0.10, 0.13, 0.03, 0.12, 0.19, 0.17, 0.17, 0.06],
    "Overdose": [0.02, 0.03, 0.08, 0.11, 0.03, 0.13, 0.24, 0.19, 0.13, 0.04],
    "Other": [0.02, 0.01, 0.03, 0.05, 0.02, 0.08, 0.14, 0.14, 0.21, 0.30],
}
ILLNESS = {
    "Alcohol related": ["Intoxication", "Fall, alcohol involved"],
    "Assault": ["Assault, injury", "Assault, head injury", "Stabbing"],
    "Overdose": ["Overdose, accidental", "Overdose, deliberate"],
    "Other": ["Other"],
}
NIGHT_HOURS = np.array([6, 6, 7, 8, 9, 11, 12, 12, 11, 9, 6, 3], dtype=float)  # from 18:00
DAY_HOURS = np.array([4, 5, 6, 7, 8, 9, 9, 10, 10, 10, 11, 11], dtype=float)  # from 06:00
NIGHT_OF_WEEK = np.array([0.8, 0.8, 0.9, 1.0, 1.4, 1.5, 0.8])  # Monday first
LATER_CORRECTED = 0.03  # of an early snapshot

TFL_TYPES = {
    "Disturbance": 0.26, "Fare dispute": 0.16, "Theft": 0.13, "Assault on passenger": 0.10,
    "Assault on staff": 0.09, "Drunkenness": 0.09, "Criminal damage": 0.05, "Hate crime": 0.03,
    "Sexual offence": 0.03, "Robbery": 0.02, "Missile thrown": 0.02, "Other": 0.02,
}  # fmt: skip
TFL_A_MONTH = 120  # assumed; nothing is printed
TFL_FILES = (
    ("2021-10", "2022-09", "tfl_westminster_202110_202209.csv", "2022-12-05"),
    ("2022-10", "2023-03", "tfl_westminster_202210_202303.csv", "2023-10-02"),
)
TFL_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def write(out: Deliveries, geography: Geography, marginals: Marginals, *, seed: int, scale: float) -> None:
    """Write two files of each extract, and an early snapshot of three months of ambulance call-outs."""
    places = Places(geography, marginals, seed)
    for number, file in enumerate(BTP_FILES):
        write_btp(out, places, file, number, seed, scale)
    write_las(out, places, seed, scale)
    for file in TFL_FILES:
        write_tfl(out, places, file, seed, scale)


class Places:
    """The borough's places: their ward and LSOA columns, and the odds of each."""

    def __init__(self, geography: Geography, marginals: Marginals, seed: int):
        places = geography.places
        self.ward_codes = [place.ward for place in places]
        self.wards = [geography.ward_names[place.ward] for place in places]
        self.lsoas = [place.code_2011 for place in places]
        self.share = place_shares(geography, marginals, REVIEW_YEAR, seed)
        self.in_two = np.isin(self.wards, WEST_END_WARDS)
        self.in_top = np.isin(self.lsoas, TOP_LSOAS)

    def odds(self, two_wards: float, top: float) -> np.ndarray:
        """Odds with the given shares of the two wards and, within them, of the three LSOAs."""
        groups = (
            (self.in_top, top),
            (self.in_two & ~self.in_top, two_wards - top),
            (~self.in_two, 1 - two_wards),
        )
        odds = np.zeros(len(self.wards))
        for inside, share in groups:
            odds[inside] = share * self.share[inside] / self.share[inside].sum()
        return odds / odds.sum()

    def odds_by_ward(self, percent: dict[str, float]) -> np.ndarray:
        """Odds with the given per cent of some wards; the others share the rest as they share crime."""
        odds, wards = self.share.copy(), np.array(self.wards)
        rest = ~np.isin(wards, list(percent))
        odds[rest] *= (100 - sum(percent.values())) / odds[rest].sum()
        for ward, value in percent.items():
            odds[wards == ward] *= value / odds[wards == ward].sum()
        return odds / odds.sum()


def days_between(first: str, last: str) -> np.ndarray:
    """The days of the months `first` to `last`, both in."""
    return np.arange(np.datetime64(first, "D"), np.datetime64(np.datetime64(last, "M") + 1, "D"))


def exact_places(n: int, odds: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """`n` places in no order, each as often as its odds say (within one)."""
    order = rng.permutation(len(odds))
    return rng.permutation(np.repeat(order, spread(n, odds[order], rng)))


def minutes(days: np.ndarray, is_night: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A minute for each row: at night (18:00 to 06:00, mostly at the weekend) or by day.

    A night belongs to the day on which it starts; the small hours after the last day go to the first.
    """
    n = len(is_night)
    weekday = (days.astype(int) + 3) % 7
    odds = NIGHT_OF_WEEK[weekday]
    day = np.where(is_night, rng.choice(len(days), n, p=odds / odds.sum()), rng.integers(len(days), size=n))
    night = 18 + rng.choice(12, n, p=NIGHT_HOURS / NIGHT_HOURS.sum())
    hour = np.where(is_night, night, 6 + rng.choice(12, n, p=DAY_HOURS / DAY_HOURS.sum()))
    day = (day + (hour >= 24)) % len(days)
    return days[day].astype("M8[m]") + (hour % 24) * 60 + rng.integers(60, size=n)


def written(when: np.ndarray, form: str) -> pa.Array:
    """Instants as text; `form` has {0} to {4} for year, month, day, hour and minute."""
    return pa.array([form.format(*parts) for parts in zip(*clock(when), strict=True)], pa.string())


def write_btp(
    out: Deliveries,
    places: Places,
    file: tuple[str, str, str, str],
    number: int,
    seed: int,
    scale: float,
) -> None:
    """Write one file of transport police incidents; the second ends in July 2023, two months early."""
    first, last, name, published = file
    rng = generator(seed, "transport police", first)
    days = days_between(first, last)
    months = len(np.unique(days.astype("M8[M]")))
    n = scaled(BTP_A_MONTH[first] * months, scale, 30)
    shares = np.array([group[2 + number] for group in BTP_GROUPS])
    group = rng.permutation(np.repeat(np.arange(len(BTP_GROUPS)), spread(n, shares / shares.sum(), rng)))
    place = exact_places(n, places.odds_by_ward(BTP_WARDS), rng)
    when = np.sort(minutes(days, rng.random(n) < 0.48, rng))
    until = when + rng.integers(0, 180, size=n)
    recorded = np.minimum(when.astype("M8[D]") + rng.integers(0, 3, size=n), days[-1])
    order = np.argsort(recorded, kind="stable")
    when, until, recorded = when[order], until[order], recorded[order]
    table = pa.table(
        {
            "BTP_REF": texts(number * 10_000_000 + np.arange(1, n + 1), "BTP%09d"),
            "RECORDED_DATE": written(recorded.astype("M8[m]"), "{2:02d}/{1:02d}/{0}"),
            "COMMITTED_FROM": blank_where(
                rng.random(n) < 0.03, written(when, "{2:02d}/{1:02d}/{0} {3:02d}:{4:02d}")
            ),
            "COMMITTED_TO": blank_where(
                rng.random(n) < 0.40, written(until, "{2:02d}/{1:02d}/{0} {3:02d}:{4:02d}")
            ),
            "OFFENCE_GROUP": pick([each[0] for each in BTP_GROUPS], group),
            "HO_CODE": blank_where(rng.random(n) < 0.05, pick([each[1] for each in BTP_GROUPS], group)),
            "STATION": pick([f"{ward} Sample Station" for ward in places.wards], place),
            "LOCATION_TYPE": pick(["Station", "Train", "Track"], rng.choice(3, n, p=[0.72, 0.27, 0.01])),
            "WARD_CODE": pick(places.ward_codes, place),
            "WARD_NAME": pick(places.wards, place),
            "LSOA_CODE": blank_where(rng.random(n) < 0.02, pick(places.lsoas, place)),
            "OUTCOME": pick(BTP_OUTCOMES, rng.choice(5, n, p=[0.66, 0.09, 0.03, 0.04, 0.18])),
        }
    )
    broken = broken_count(scale, n, 2)
    table = with_broken_rows(table, "BTP_REF", None, broken)
    fresh = {"BTP_REF": texts(number * 10_000_000 + 9_000_000 + np.arange(broken), "BTP%09d")}
    table = with_broken_rows(table, "RECORDED_DATE", "31/02/2023", broken, fresh)
    path = out.add(BTP, name, csv_bytes(table), published=published, rows=table.num_rows)
    out.plant("incident without its reference", path, "row_key_is_blank", rows=broken, column="BTP_REF")
    out.plant(
        "day that does not exist", path, "row_value_does_not_parse", rows=broken, column="RECORDED_DATE"
    )
    if last == "2023-07":
        out.plant(
            "G006, G105: the delivery ends in July 2023, asked for to September",
            path,
            "period_shorter_than_asked",
            rows=1,
            column="RECORDED_DATE",
            month="2023-08",
        )


def draw_callouts(places: Places, first: str, year: int, rng: np.random.Generator, scale: float) -> dict:
    """The call-outs of a year as arrays in order of time: when, place, category, age (-1 none), male."""
    days = days_between(first, str(np.datetime64(first, "M") + 11))
    parts = []
    for code, (category, (*totals, two, top, night_there, night_else)) in enumerate(LAS_CATEGORIES.items()):
        n = scaled(totals[year], scale, 20)
        place = exact_places(n, places.odds(two, top), rng)
        is_night = rng.random(n) < np.where(places.in_two[place], night_there, night_else)
        band = rng.choice(10, n, p=AGE_SHARES[category])
        low, high = AGE_STARTS[band], AGE_STARTS[band + 1]
        parts.append(
            (
                minutes(days, is_night, rng),
                place,
                np.full(n, code),
                np.where(category == "Other", -1, low + (rng.random(n) * (high - low)).astype(int)),
                rng.random(n) < MALE_SHARE[category],
            )
        )
    columns = [np.concatenate(part) for part in zip(*parts, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return dict(zip(("when", "place", "category", "age", "male"), (c[order] for c in columns), strict=True))


def callout_table(
    places: Places, drawn: dict, first_number: int, snapshot: str, rng: np.random.Generator
) -> pa.Table:
    """The call-outs in the layout of the extract; those of other categories come without the patient."""
    n, categories = len(drawn["when"]), list(LAS_CATEGORIES)
    other = drawn["category"] == categories.index("Other")
    illness = [
        ILLNESS[categories[c]][k % len(ILLNESS[categories[c]])]
        for c, k in zip(drawn["category"], rng.integers(6, size=n), strict=True)
    ]
    return pa.table(
        {
            "INCIDENT_ID": texts(first_number + np.arange(1, n + 1), "LAS%010d"),
            "CALL_DATETIME": written(drawn["when"], "{0}-{1:02d}-{2:02d} {3:02d}:{4:02d}:00"),
            "INCIDENT_CATEGORY": pick(categories, drawn["category"]),
            "ILLNESS_CODE": pa.array([text.replace(",", " -") for text in illness], pa.string()),
            "PATIENT_AGE": blank_where(other | (rng.random(n) < 0.07), texts(drawn["age"], "%d")),
            "PATIENT_SEX": blank_where(
                other | (rng.random(n) < 0.04), pick(["F", "M"], drawn["male"].astype(int))
            ),
            "CONVEYED": pick(["Y", "N"], (rng.random(n) < 0.35).astype(int)),
            "WARD_CODE": pick(places.ward_codes, drawn["place"]),
            "WARD_NAME": pick(places.wards, drawn["place"]),
            "LSOA_CODE": pick(places.lsoas, drawn["place"]),
            "SNAPSHOT_DATE": same(snapshot, n),
        }
    )


def write_las(out: Deliveries, places: Places, seed: int, scale: float) -> None:
    """Write two years of ambulance call-outs, and an early snapshot of the last three months.

    In the early snapshot some categories are not yet those of the later one.
    """
    for year, (first, name, snapshot) in enumerate(
        (
            ("2021-10", "las_westminster_202110_202209.csv.gz", "2022-10-20"),
            ("2022-10", "las_westminster_202210_202309.csv.gz", "2023-11-06"),
        )
    ):
        rng = generator(seed, "ambulance", first)
        drawn = draw_callouts(places, first, year, rng, scale)
        table = callout_table(places, drawn, year * 100_000_000, snapshot, rng)
        if year == 1:
            write_early_snapshot(out, table, drawn, rng)
        broken = broken_count(scale, table.num_rows)
        fresh = {"INCIDENT_ID": texts(year * 100_000_000 + 90_000_000 + np.arange(broken), "LAS%010d")}
        table = with_broken_rows(table, "CALL_DATETIME", "n/a", broken, fresh)
        path = out.add(LAS, name, csv_bytes(table), published=snapshot, rows=table.num_rows)
        out.plant(
            "call without its time", path, "row_value_does_not_parse", rows=broken, column="CALL_DATETIME"
        )


def write_early_snapshot(out: Deliveries, table: pa.Table, drawn: dict, rng: np.random.Generator) -> None:
    """Write July to September 2023 as they stood in early October."""
    recent = pa.array(drawn["when"].astype("M8[M]") >= np.datetime64("2023-07"))
    early = table.filter(recent)
    n = early.num_rows
    changed = rng.random(n) < LATER_CORRECTED
    changed[0] = True
    category = pc.if_else(pa.array(changed), pa.scalar("Other"), early["INCIDENT_CATEGORY"])
    corrected = int(pc.sum(pc.not_equal(category, early["INCIDENT_CATEGORY"])).as_py())
    early = early.set_column(2, "INCIDENT_CATEGORY", category)
    early = early.set_column(early.num_columns - 1, "SNAPSHOT_DATE", same("2023-10-04", n))
    path = out.add(
        LAS, "las_westminster_202307_202309_early.csv.gz", csv_bytes(early), published="2023-10-04", rows=n
    )
    out.plant(
        "G109: categories of an early snapshot that a later one corrects",
        path,
        "later_publication_of_same_months",
        rows=corrected,
        column="INCIDENT_CATEGORY",
        month="2023-09",
    )


def write_tfl(
    out: Deliveries, places: Places, file: tuple[str, str, str, str], seed: int, scale: float
) -> None:
    """Write one file of transport incidents; the second ends in March 2023 and has some rows twice."""
    first, last, name, published = file
    rng = generator(seed, "transport", first)
    days = days_between(first, last)
    n = scaled(TFL_A_MONTH * len(np.unique(days.astype("M8[M]"))), scale, 30)
    when = np.sort(minutes(days, rng.random(n) < 0.52, rng))
    kind = rng.choice(len(TFL_TYPES), n, p=list(TFL_TYPES.values()))
    place = exact_places(n, places.odds(0.45, 0.2), rng)
    year, month, day, hour, minute = clock(when)
    dates = [
        f"{d:02d}-{TFL_MONTHS[m - 1]}-{y} {h:02d}:{i:02d}"
        for y, m, d, h, i in zip(year, month, day, hour, minute, strict=True)
    ]
    start = int(first.replace("-", "")) * 1_000_000
    table = pa.table(
        {
            "Incident No": texts(start + np.arange(1, n + 1), "TFL%012d"),
            "Incident Date": pa.array(dates, pa.string()),
            "Incident Type": pick(list(TFL_TYPES), kind),
            "Bus Route": pick([None, *(f"S{route}" for route in range(1, 40))], rng.integers(40, size=n)),
            # The dash is what UTF-8 and Windows-1252 write differently.
            "Stop or Location": pick([f"{ward} \N{EN DASH} sample stop" for ward in places.wards], place),
            "Ward Code": pick(places.ward_codes, place),
            "Ward": pick(places.wards, place),
            "LSOA": pick(places.lsoas, place),
            "Injury": blank_where(
                rng.random(n) < 0.1, pick(["No", "Yes"], (rng.random(n) < 0.12).astype(int))
            ),
            "Reported to Police": blank_where(
                rng.random(n) < 0.2, pick(["No", "Yes"], rng.integers(2, size=n))
            ),
        }
    )
    copies = 0
    if last == "2023-03":
        copies = broken_count(scale, n, 4)
        table = pa.concat_tables([table, table.slice(0, copies)])
    content = csv_bytes(table, eol="\r\n", encoding="cp1252")
    path = out.add(TFL, name, content, published=published, rows=n + copies)
    out.plant_encoding(path, is_plain=content.isascii())
    if last == "2023-03":
        out.plant("incident delivered twice", path, "exact_duplicates", rows=copies)
        out.plant(
            "G116: the delivery ends in March 2023, asked for to September",
            path,
            "period_shorter_than_asked",
            rows=1,
            column="Incident Date",
            month="2023-04",
        )
