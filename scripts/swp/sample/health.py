"""Health data: assault attendances, drug treatment, female genital mutilation, public health indicators.

Of the assault attendances the headings are published; the other layouts are assumed. Totals are those of the
strategic assessment 2024 (page beside each), or assumed where it prints none.
"""

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.geography import HOME, Geography
from swp.sample.lfb import clock
from swp.sample.marginals import Marginals, generator, scaled, spread
from swp.sample.ons import rows_of
from swp.sample.safestats import Places, days_between, exact_places, minutes
from swp.sample.workbooks import workbook

ISTV, NDTMS, FGM, FINGERTIPS = "istv_attendance", "ndtms_aggregate", "fgm_aggregate", "fingertips_indicator"

ISTV_HEADER = [
    "REPORTING PERIOD START DATE", "REPORTING PERIOD END DATE", "SITE CODE (OF TREATMENT)",
    "ARRIVAL DATE TIME", "ASSAULT DATE TIME", "ASSAULT METHOD", "ASSAULT METHOD OTHER DESCRIPTION",
    "ASSAULT LOCATION TYPE", "ASSAULT LOCATION DESCRIPTION", "WARD CODE (GEOCODED)", "WARD NAME (GEOCODED)",
]  # fmt: skip
# The victim is not shared: these columns of the contract are left out.
ISTV_NOT_SHARED = ("PATIENT AGE BAND", "PATIENT SEX", "PATIENT LOCAL AUTHORITY OF RESIDENCE")
ISTV_TOTAL = "ASSAULT ATTENDANCES IN PERIOD"
# First month, attendances (the first year assumed, then p68), file, publication.
ISTV_FILES = (
    ("2021-10", 110, "istv_westminster_202110_202209.xlsx", "2022-11-10"),
    ("2022-10", 124, "istv_westminster_202210_202309.xlsx", "2023-11-09"),
)
# Of 124 attendances 33 with a weapon, 6 with a blade or the like (p68).
ISTV_METHODS = {
    "Fist": 52, "Feet": 12, "Pushed": 10, "Head": 4, "Bite": 2, "Blunt object": 14, "Glass or bottle": 12,
    "Knife": 5, "Other sharp object": 1, "Corrosive substance": 1, "Other": 6, "Not known": 5,
}  # fmt: skip
ISTV_PLACES = {
    "Street": 55, "Bar or pub": 20, "Nightclub": 17, "Public transport": 8, "Restaurant or takeaway": 7,
    "Home": 6, "Park or open space": 3, "Hostel": 2, "Workplace": 2, "Not known": 4,
}  # fmt: skip
ISTV_TWO_WARDS, ISTV_NIGHT = 0.75, 0.78  # p68

LONDON, ENGLAND = ("E12000007", "London"), ("E92000001", "England")
NDTMS_HEADER = [
    "NDTMS Measure", "NDTMS Area Code", "NDTMS Area", "Substance Group", "Financial Year", "Period End",
    "Modelled Estimate", "Persons", "Rate per 1,000", "Lower 95% CI", "Upper 95% CI",
]  # fmt: skip
SUBSTANCES = {
    "Opiate only": 0.44,
    "Alcohol only": 0.26,
    "Non-opiate only": 0.17,
    "Non-opiate and alcohol": 0.13,
}
# Adults in treatment 2022/23. The figure printed for the borough (p37) can only be London's; its own is
# assumed.
IN_TREATMENT = {HOME: 1120, LONDON: 39_475}
TREATMENT_CHANGE = -0.03  # p37
# Estimated users of 2019/20 in the borough (p37), and people aged 15 to 64 behind the rates.
ESTIMATED_USERS = {"Opiate and crack": 893, "Opiates only": 766, "Crack only": 612}
RATES_OF_ENGLAND = {"Opiate and crack": 3.63, "Opiates only": 4.60, "Crack only": 1.32}
AGED_15_TO_64 = {HOME: 187_200, ENGLAND: 35_600_000}

# Attendances, individuals, newly recorded, de-infibulation (p83; the year before partly assumed).
FGM_YEARS = {"2021-22": (395, 60, 35, 5), "2022-23": (490, 70, 40, 5)}
FGM_MEASURES = (
    "Total attendances",
    "Individuals attending",
    "Newly recorded individuals",
    "Individuals with de-infibulation",
)

FINGERTIPS_HEADER = [
    "Indicator ID",
    "Indicator Name",
    "Parent Code",
    "Parent Name",
    "Area Code",
    "Area Name",
    "Area Type",
    "Sex",
    "Age",
    "Category Type",
    "Category",
    "Time period",
    "Value",
    "Lower CI 95.0 limit",
    "Upper CI 95.0 limit",
    "Lower CI 99.8 limit",
    "Upper CI 99.8 limit",
    "Count",
    "Denominator",
    "Value note",
    "Recent Trend",
    "Compared to England value or percentiles",
    "Compared to percentiles",
    "Time period Sortable",
    "New data",
    "Compared to goal",
    "Time period range",
]
# Indicators of appendix 4: name, about its value in England, ages, first year of the latest period.
INDICATORS = [
    ("Children subject to a child protection plan, rate per 10,000", 43, "<18 yrs", 2022),
    ("Looked after children whose emotional wellbeing is a cause for concern", 37, "5-16 yrs", 2021),
    ("Children in care, rate per 10,000", 70, "<18 yrs", 2022),
    ("Free school meals: uptake among all pupils", 24, "School age", 2022),
    ("Children in absolute low income families", 15, "<16 yrs", 2021),
    ("Children in relative low income families", 20, "<16 yrs", 2021),
    ("5 year olds with visually obvious dental decay", 24, "5 yrs", 2021),
    ("Year 6 prevalence of obesity", 23, "10-11 yrs", 2022),
    ("School readiness at the end of reception", 65, "5 yrs", 2021),
    ("Households with dependent children owed a homelessness duty, rate per 1,000", 14, "All ages", 2021),
    ("Homelessness duty, main applicant aged 16 to 24, rate per 1,000", 2.4, "16-24 yrs", 2021),
    ("School pupils with social, emotional and mental health needs", 3, "School age", 2021),
    ("Secondary school fixed period exclusions, rate", 9.4, "11-15 yrs", 2020),
    ("Primary school persistent absentees", 18, "5-10 yrs", 2021),
    ("Secondary school persistent absentees", 28, "11-15 yrs", 2021),
    ("First time entrants to the youth justice system, rate per 100,000", 148, "10-17 yrs", 2022),
    ("Average attainment 8 score of children in care", 20, "15-16 yrs", 2021),
    ("Pupils with special educational needs", 17, "School age", 2022),
    ("Hospital admissions due to substance misuse, rate per 100,000", 81, "15-24 yrs", 2018),
    ("Admissions for alcohol-specific conditions under 18, rate per 100,000", 29, "<18 yrs", 2018),
    ("Admissions caused by injuries in young people, rate per 10,000", 118, "15-24 yrs", 2021),
    ("Admissions as a result of self-harm, rate per 100,000", 427, "10-24 yrs", 2021),
    ("Chlamydia detection rate per 100,000", 1680, "15-24 yrs", 2022),
    ("Under 18s conception rate per 1,000", 13, "<18 yrs", 2021),
]
FIRST_INVENTED_ID = 999_001  # no indicator has such a number
OLD_BEFORE = 2020


def write(out: Deliveries, geography: Geography, marginals: Marginals, *, seed: int, scale: float) -> None:
    """Write two years of assault attendances, and the published tables, which stay whole at any scale."""
    places = Places(geography, marginals, seed)
    for file in ISTV_FILES:
        write_attendances(out, places, file, seed, scale)
    write_treatment(out)
    write_prevalence(out)
    write_fgm(out)
    write_fingertips(out, seed)


def write_attendances(
    out: Deliveries, places: Places, file: tuple[str, int, str, str], seed: int, scale: float
) -> None:
    """Write one workbook of attendances: two title rows, dates as text, nothing about the victim."""
    first, total, name, published = file
    rng = generator(seed, "assault attendances", first)
    n = scaled(total, scale, 12)
    days = days_between(first, str(np.datetime64(first, "M") + 11))
    when = np.sort(minutes(days, exactly(n, ISTV_NIGHT, rng), rng))
    arrived = when + rng.integers(15, 600, size=n)
    place = exact_places(n, places.odds(ISTV_TWO_WARDS, 0.35), rng)
    method, kind = (drawn(n, odds, rng) for odds in (ISTV_METHODS, ISTV_PLACES))
    site = rng.choice(["SAMPLE1", "SAMPLE2"], n, p=[0.7, 0.3])
    rows = []
    for row in range(n):
        month = when[row].astype("M8[M]")
        rows.append(
            [
                uk_date(month.astype("M8[D]")),
                uk_date((month + 1).astype("M8[D]") - 1),
                str(site[row]),
                uk_time(arrived[row]),
                uk_time(when[row]),
                method[row],
                "Other means" if method[row] == "Other" else None,
                kind[row],
                None if rng.random() < 0.12 else f"Near sample venue {rng.integers(1, 60)}",
                places.ward_codes[place[row]],
                places.wards[place[row]],
            ]
        )
    titles = [["Assault data for community safety partners (synthetic sample)"], ["Westminster"]]
    content = workbook({"Attendances": [*titles, ISTV_HEADER, *rows]})
    path = out.add(ISTV, name, content, published=published, rows=n)
    for label in ISTV_NOT_SHARED:
        out.plant(f"G066: {label.lower()} is not shared", path, "column_is_delivered", rows=n, column=label)
    out.plant("G067: how many there were is not said", path, "column_is_delivered", rows=n, column=ISTV_TOTAL)


def exactly(n: int, share: float, rng: np.random.Generator) -> np.ndarray:
    """`n` yes or no, of which `share` (to the nearest one) are yes, in no order."""
    return rng.permutation(np.arange(n) < round(n * share))


def drawn(n: int, odds: dict[str, float], rng: np.random.Generator) -> list[str]:
    """`n` values in no order, each as often as its odds say (within one)."""
    share = np.array(list(odds.values()), dtype=float)
    index = np.repeat(np.arange(len(odds)), spread(n, share / share.sum(), rng))
    values = list(odds)
    return [values[i] for i in rng.permutation(index)]


def uk_date(day: np.datetime64) -> str:
    """A day as DD/MM/YYYY."""
    year, month, number = str(day).split("-")
    return f"{number}/{month}/{year}"


def uk_time(when: np.datetime64) -> str:
    """An instant as DD/MM/YYYY HH:MM."""
    year, month, day, hour, minute = (part[0] for part in clock(np.array([when])))
    return f"{day:02d}/{month:02d}/{year} {hour:02d}:{minute:02d}"


def write_treatment(out: Deliveries) -> None:
    """Write adults in treatment by substance, a workbook for each of two financial years."""
    for start, change, published in ((2021, 0.0, "2023-01-26"), (2022, TREATMENT_CHANGE, "2023-12-14")):
        year, end = f"{start}/{(start + 1) % 100}", f"31/03/{start + 1}"
        rows = []
        for (code, name), latest in IN_TREATMENT.items():
            total = round(latest * (1 + change) / (1 + TREATMENT_CHANGE))
            counts = {"All": total, **{s: round(total * share) for s, share in SUBSTANCES.items()}}
            for measure, part in (
                ("Adults in treatment", 1.0),
                ("New presentations to treatment", 0.45),
                ("Successful completions", 0.15),
            ):
                for substance, persons in counts.items():
                    rows.append(
                        [measure, code, name, substance, year, end, "No", round(persons * part), *[None] * 3]
                    )
        content = workbook({"Treatment": [["Synthetic sample"], [], NDTMS_HEADER, *rows]})
        out.add(
            NDTMS,
            f"ndtms_adults_{start}_{(start + 1) % 100}.xlsx",
            content,
            published=published,
            rows=len(rows),
        )


def write_prevalence(out: Deliveries) -> None:
    """Write the estimated users of opiates and crack, of 2019/20: there are no newer ones."""
    rows = []
    for area, population in AGED_15_TO_64.items():
        for group, users in ESTIMATED_USERS.items():
            rate = users / population * 1000 if area == HOME else RATES_OF_ENGLAND[group]
            persons = rate * population / 1000
            interval = [round(persons * 0.88), round(persons * 1.14)]
            rows.append(
                [
                    "Estimated users",
                    *area,
                    group,
                    "2019/20",
                    "31/03/2020",
                    "Yes",
                    round(persons),
                    round(rate, 2),
                    *interval,
                ]
            )
    content = workbook({"Prevalence": [NDTMS_HEADER, *rows]})
    path = out.add(NDTMS, "ndtms_prevalence_2019_20.xlsx", content, published="2023-09-14", rows=len(rows))
    out.plant(
        "G028: the latest estimates are of 2019/20",
        path,
        "period_is_old",
        rows=len(rows),
        column="Period End",
    )
    out.plant(
        "G027: model estimates beside counts of people in treatment",
        path,
        "estimates_are_not_counts",
        rows=len(rows),
        column="Modelled Estimate",
    )


def write_fgm(out: Deliveries) -> None:
    """Write two years of attendances for female genital mutilation; small counts are asterisks."""
    header = "REPORTING_PERIOD,REPORTING_PERIOD_END,LA_CODE,LA_NAME,FGM_MEASURE,MEASURE_VALUE"
    for year, values in FGM_YEARS.items():
        rows = [
            [year, f"20{year[-2:]}-03-31", *HOME, measure, value]
            for measure, value in zip(FGM_MEASURES, values, strict=True)
        ]
        rows += [[*row[:2], "E09000001", "City of London", row[4], "*"] for row in rows]
        out.add(
            FGM,
            f"fgm_{year.replace('-', '_')}.csv",
            rows_of(header, rows),
            published=f"20{year[-2:]}-07-27",
            rows=len(rows),
        )


def write_fingertips(out: Deliveries, seed: int) -> None:
    """Write two periods of each indicator for the borough, London and England, with invented values."""
    rng = generator(seed, "public health indicators")
    rows, old = [], 0
    for number, (name, about, ages, latest) in enumerate(INDICATORS, start=FIRST_INVENTED_ID):
        for year in (latest - 1, latest):
            england = about * rng.uniform(0.95, 1.05)
            for code, area, kind, parent, value in (
                (*ENGLAND, "England", ("", ""), england),
                (*LONDON, "Regions (statistical)", ENGLAND, england * rng.uniform(0.8, 1.2)),
                (*HOME, "Counties & UAs (from Apr 2023)", LONDON, england * rng.uniform(0.6, 1.3)),
            ):
                wide = value * (0.15 if area == HOME[1] else 0.01)
                limits = [round(value + sign * wide * width, 2) for width in (1, 1.55) for sign in (-1, 1)]
                period = f"{year}/{(year + 1) % 100}"
                rows.append(
                    [
                        number,
                        name,
                        *parent,
                        code,
                        area,
                        kind,
                        "Persons",
                        ages,
                        "",
                        "",
                        period,
                        round(value, 2),
                        *limits,
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        year * 10_000,
                        "",
                        "",
                        "1y",
                    ]
                )
                old += year == latest and latest < OLD_BEFORE
    # Headings without a comma, but not their rows: csv.writer quotes names that need it.
    content = rows_of(",".join(FINGERTIPS_HEADER), rows)
    path = out.add(
        FINGERTIPS,
        "fingertips_children_and_young_people.csv",
        content,
        published="2023-11-07",
        rows=len(rows),
    )
    out.plant(
        "G114: latest period of some indicators is years old",
        path,
        "period_is_old",
        rows=old,
        column="Time period",
    )
