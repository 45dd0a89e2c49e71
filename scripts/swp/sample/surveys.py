"""The City Survey by respondent, and published results of the police surveys and the Crime Survey.

The layouts are assumed. Shares are those of the strategic assessment 2024 (page beside each), or assumed.
"""

import numpy as np
import pyarrow as pa

from swp.sample.deliveries import Deliveries, csv_bytes, pick, same
from swp.sample.faults import broken_count, with_broken_rows
from swp.sample.geography import HOME, OTHER_BOROUGHS, Geography
from swp.sample.health import drawn, exactly, uk_date
from swp.sample.lfb import blank_where, texts
from swp.sample.marginals import generator, scaled
from swp.sample.ons import rows_of
from swp.sample.workbooks import workbook

CITY, PAS, USS, CSEW = "city_survey_answer", "pas_result", "uss_result", "csew_estimate"

# Wave, respondents (2,436 on p97, of whom 2,412 answered, p13; the year before assumed), publication.
WAVES = (("2022", 2400, 2400, "2022-11-30"), ("2023", 2436, 2412, "2023-11-30"))
AGES = {"16-34": 0.34, "35-49": 0.29, "50-64": 0.20, "65+": 0.17}
ETHNIC = {
    "White British": 0.31,
    "White other": 0.26,
    "Asian": 0.15,
    "Black": 0.08,
    "Mixed": 0.06,
    "Arab or other": 0.14,
}
TENURES = {
    "Owner occupier": 0.31,
    "Private rented": 0.41,
    "Council tenant": 0.17,
    "Housing association": 0.11,
}
WORKING = {"Employed": 0.61, "Retired": 0.15, "Student": 0.10, "Unemployed": 0.05, "Other inactive": 0.09}
QUEENS, KNIGHTSBRIDGE, REGENTS = "Queen's Park", "Knightsbridge & Belgravia", "Regent's Park"
# Per question: label, scale, per cent who say yes in each wave, and of wards, sexes and ages in the last one
# (p13-14, p34, p41, p51, p66, p87).
QUESTIONS = {
    "Q_SAFE_AREA": ("safety", (95, 96), {"Harrow Road": 93}),
    "Q_SAFE_DAY": ("safety", (97, 98), {}),
    "Q_SAFE_DARK": (
        "safety",
        (82, 74),
        {KNIGHTSBRIDGE: 84, QUEENS: 84, "Church Street": 60, "St James's": 61, "Pimlico North": 66},
    ),
    "Q_PROB_DRUGS": (
        "problem",
        (19, 38),
        {"Church Street": 56, "Pimlico North": 52, QUEENS: 21, "Harrow Road": 23, "Westbourne": 24},
    ),
    "Q_PROB_BEGGING": ("problem", (27, 32), {"St James's": 56, "Marylebone": 49, "Little Venice": 43}),
    "Q_PROB_DRUNK": ("problem", (22, 26), {"St James's": 47, "Pimlico North": 45}),
    "Q_PROB_CYP_VIOLENCE": (
        "problem",
        (15, 19),
        {"St James's": 36, "Maida Vale": 31, "Church Street": 29, "Little Venice": 29},
    ),
    "Q_PROB_NOISE": ("problem", (16, 17), {"St James's": 36, "Marylebone": 33}),
    "Q_PROB_LICENSED": ("problem", (10, 11), {"Marylebone": 26, "St James's": 19, "West End": 7}),
    "Q_PROB_HOSTILITY": ("problem", (7, 8), {"Marylebone": 24, "St James's": 19, REGENTS: 11}),
    "Q_GET_ON_WELL": ("agreement", (92, 91), {}),
}
DARK_BY_SEX, DARK_BY_AGE = {"Female": 66, "Male": 82}, {"65+": 58, "16-34": 78}
ANSWERS = {
    "safety": ("Very safe", "Fairly safe", "Fairly unsafe", "Very unsafe"),
    "problem": ("Very big problem", "Fairly big problem", "Not a very big problem", "Not a problem at all"),
    "agreement": ("Definitely agree", "Tend to agree", "Tend to disagree", "Definitely disagree"),
}
DONT_KNOW, DONT_KNOW_SHARE = "Don't know", 0.03

# Rolling years: these five cover the two years.
ROLLING_ENDS = ("2022-09-30", "2022-12-31", "2023-03-31", "2023-06-30", "2023-09-30")
PAS_HEADER = [
    "PAS Question",
    "PAS Area Type",
    "PAS Area",
    "PAS Breakdown",
    "PAS Group",
    "Rolling 12 Months To",
    "Weighted %",
    "Unweighted Base",
    "Weighted % Lower",
    "Weighted % Upper",
]
# Per cent in the borough and in the force in the year to September 2023 (p15).
PAS_QUESTIONS = {
    "Trust in the police": (77, 70), "Police do a good job in the local area": (61, 48),
    "Police listen to the concerns of local people": (69, 57),
    "Police can be relied upon to be there when needed": (65, 58), "Police treat everyone fairly": (70, 63),
    "Police deal with what matters to the community": (66, 57),
}  # fmt: skip
# For the force only (p13, p34, p41, p51, p66).
PAS_OF_FORCE = {
    "Feel safe walking alone after dark": 76, "Feel safe walking alone during the day": 98,
    "Drugs are a problem in the area": 45, "Worried about anti-social behaviour": 36,
    "Hate crime is a problem in the area": 21, "Gangs are a problem in the area": 34,
    "Gun crime is a problem in the area": 17, "Knife crime is a problem in the area": 49,
}  # fmt: skip
PAS_GROUPS = (
    ("Trust in the police", "Community", "LGBT+", 51),
    ("Trust in the police", "Ethnicity", "Black", 58),
    ("Trust in the police", "Ethnicity", "Mixed", 59),
    ("Feel safe walking alone after dark", "Sex", "Female", 65),
    ("Feel safe walking alone after dark", "Sex", "Male", 87),
)
PAS_BASE, PAS_BASE_OF_FORCE = 600, 19_200  # interviews a year, assumed

USS_HEADER = [
    "Victim Survey",
    "USS Measure",
    "BCU",
    "Victim Group",
    "12 Months To",
    "% Satisfied",
    "Victims Surveyed",
]
HOME_BCU, FORCE = "Central West", "MPS"
OTHER_BCUS = ("Central East", "Central North", "Central South", "East", "East Area 2", "North", "North West",
              "South", "South East", "South West", "West")  # fmt: skip
# Per cent in the borough's command unit and in the force in the year to September 2023 (p20).
USS_MEASURES = {
    "Overall satisfaction": (66, 64), "Satisfaction with actions taken": (64, 62),
    "Satisfaction with follow-up": (55, 52), "Satisfaction with treatment": (85, 80),
}  # fmt: skip
LAST_YEAR_OVERALL = 70
TDIU = {"TDIU online": 33, "TDIU phone": 37}
USS_OF_HATE = (("Received a victim care leaflet", 28), ("Overall satisfaction", 60))  # p51

CSEW_HEADER = (
    "CSEW Measure,CSEW Population,CSEW Characteristic,CSEW Group,Year Ending,Estimate,Estimate Unit,"
    "Estimate Lower CI,Estimate Upper CI,CSEW Unweighted Base"
)
ADULTS, TO_59, PERCENT = "Adults aged 16 and over", "People aged 16 to 59", "percent"
# Year ending, measure, population, characteristic, group, estimate (p33, p40, p71, p79, p82).
ESTIMATES = (
    ("2023-03-31", "Domestic abuse in the last year", ADULTS, "All", "All", 4.4),
    ("2023-03-31", "Domestic abuse in the last year", ADULTS, "Sex", "Female", 5.7),
    ("2023-03-31", "Domestic abuse in the last year", ADULTS, "Sex", "Male", 3.2),
    ("2023-03-31", "Domestic abuse by a partner in the last year", ADULTS, "All", "All", 3.0),
    ("2023-03-31", "Domestic abuse by family in the last year", ADULTS, "All", "All", 1.8),
    ("2023-03-31", "Sexual assault in the last year", ADULTS, "All", "All", 2.1),
    ("2023-03-31", "Stalking since the age of 16", ADULTS, "Sex", "Female", 20.6),
    ("2023-03-31", "Stalking since the age of 16", ADULTS, "Sex", "Male", 8.7),
    ("2023-03-31", "Stalking in the last year", ADULTS, "Sex", "Female", 4.4),
    ("2023-03-31", "Stalking in the last year", ADULTS, "Sex", "Male", 2.4),
    ("2023-03-31", "Used any drug in the last year", TO_59, "All", "All", 9.5),
    ("2023-03-31", "Used any drug in the last year", TO_59, "Age", "16-24", 17.6),
    ("2023-03-31", "Used any drug in the last year", TO_59, "Household income", "Under £10,400", 13.6),
    ("2023-03-31", "Used cannabis in the last year", TO_59, "All", "All", 7.6),
    ("2023-03-31", "Used a Class A drug in the last year", TO_59, "All", "All", 3.3),
    ("2023-03-31", "Used drugs more than once a month", TO_59, "All", "All", 2.3),
    ("2023-03-31", "Signs of drug dependence", ADULTS, "All", "All", 3.1),
    ("2023-03-31", "Signs of dependence on cannabis only", ADULTS, "All", "All", 2.3),
    (
        "2023-03-31",
        "Drugs obtained from a friend, neighbour or colleague",
        "People who took drugs",
        "All",
        "All",
        45.7,
    ),
    ("2023-03-31", "Drugs obtained from a known dealer", "People who took drugs", "All", "All", 12.1),
    ("2023-06-30", "Experienced or witnessed anti-social behaviour", ADULTS, "All", "All", 34.0),
    ("2023-06-30", "Anti-social behaviour a fairly or very big problem", ADULTS, "All", "All", 23.0),
    ("2023-06-30", "High perceived level of anti-social behaviour", ADULTS, "All", "All", 8.0),
)
CSEW_BASE = 31_000


def write(out: Deliveries, geography: Geography, *, seed: int, scale: float) -> None:
    """Write two waves of the City Survey, and the published tables, which stay whole at any scale."""
    for number, wave in enumerate(WAVES):
        write_city(out, geography, number, wave, seed, scale)
    for end in ROLLING_ENDS:
        write_pas(out, end, seed)
        write_uss(out, end, seed)
    write_csew(out)


def fitted(
    groups: list[tuple[np.ndarray, dict[int, float]]], overall: float, weight: np.ndarray
) -> np.ndarray:
    """Each respondent's chance to say yes, such that the weighted shares of groups come out as wanted.

    `groups` holds, for each characteristic, the group of each respondent and the share wanted of some groups.
    """
    odds = np.full(len(weight), overall / (1 - overall))
    for _ in range(25):
        for group, wanted in [*groups, (np.zeros(len(weight), dtype=int), {0: overall})]:
            chance = odds / (1 + odds)
            for value, share in wanted.items():
                inside = group == value
                if inside.any():
                    now = np.average(chance[inside], weights=weight[inside])
                    odds[inside] *= (share / (1 - share)) / (now / (1 - now))
    return odds / (1 + odds)


def sayers(chance: np.ndarray, weight: np.ndarray, order: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Who says yes: along `order` the weighted number who do keeps to the one expected."""
    yes, ahead = np.zeros(len(chance), dtype=bool), rng.random() - 0.5
    for i in order.tolist():
        ahead += chance[i] * weight[i]
        if ahead >= weight[i] / 2:
            yes[i] = True
            ahead -= weight[i]
    return yes


def write_city(
    out: Deliveries,
    geography: Geography,
    number: int,
    wave: tuple[str, int, int, str],
    seed: int,
    scale: float,
) -> None:
    """Write one wave. In the last one some interviews broke off and answer no question on safety."""
    year, delivered, complete, published = wave
    rng = generator(seed, "city survey", year)
    wards = [name for _, name in sorted(geography.ward_names.items())]
    n = scaled(delivered, scale, 60)
    broke_off = round(n * (delivered - complete) / delivered)
    ward, female = np.sort(np.arange(n) % len(wards)), exactly(n, 0.53, rng)
    ages = np.array(list(AGES).index("16-34") + rng.choice(4, n, p=list(AGES.values())))
    weight = rng.lognormal(0, 0.35, n)
    partial = np.zeros(n, dtype=bool)
    partial[rng.permutation(n)[:broke_off]] = True
    weight /= weight[~partial].mean()
    order = np.lexsort((rng.random(n), ages, female, ward))
    columns: dict[str, pa.Array] = {
        "RESP_ID": texts(np.arange(1, n + 1), f"CS{year[-2:]}%07d"),
        "WAVE": same(year, n),
        "INT_DATE": pick(
            [
                uk_date(day)
                for day in np.arange(np.datetime64(f"{year}-05-01"), np.datetime64(f"{year}-08-01"))
            ],
            rng.integers(92, size=n),
        ),
        "INT_STATUS": pick(["Complete", "Partial"], partial.astype(int)),
        "WEIGHT": texts(weight, "%.4f"),
        "WARD": pick(wards, ward),
        "Q_SEX": pick(["Male", "Female"], female.astype(int)),
        "Q_AGE_BAND": pick(list(AGES), ages),
        "Q_ETHNIC": blank_where(rng.random(n) < 0.06, pa.array(drawn(n, ETHNIC, rng), pa.string())),
        "Q_TENURE": pa.array(drawn(n, TENURES, rng), pa.string()),
        "Q_WORKING": pa.array(drawn(n, WORKING, rng), pa.string()),
        "Q_CARER": pick(["No", "Yes"], (rng.random(n) < 0.09).astype(int)),
        "Q_DISABILITY": blank_where(
            rng.random(n) < 0.05, pick(["No", "Yes"], (rng.random(n) < 0.13).astype(int))
        ),
    }
    for label, (scale_name, percents, by_ward) in QUESTIONS.items():
        groups = (
            [(ward, {wards.index(name): share / 100 for name, share in by_ward.items()})] if number else []
        )
        if number and label == "Q_SAFE_DARK":
            groups.append((female.astype(int), {int(s == "Female"): p / 100 for s, p in DARK_BY_SEX.items()}))
            groups.append((ages, {list(AGES).index(a): p / 100 for a, p in DARK_BY_AGE.items()}))
        unsure = rng.random(n) < DONT_KNOW_SHARE
        asked = ~partial & ~unsure
        chance = fitted([(g[asked], w) for g, w in groups], percents[number] / 100, weight[asked])
        among = np.cumsum(asked) - 1
        yes = np.zeros(n, dtype=bool)
        yes[asked] = sayers(chance, weight[asked], among[order[asked[order]]], rng)
        answer = np.where(yes, 0, 2) + (rng.random(n) < 0.62)
        answer[unsure] = 4
        columns[label] = blank_where(partial, pick([*ANSWERS[scale_name], DONT_KNOW], answer))
    table = pa.table(columns)
    broken = broken_count(scale, n, 1)
    table = with_broken_rows(table, "RESP_ID", None, broken)
    path = out.add(CITY, f"city_survey_{year}.csv", csv_bytes(table), published=published, rows=n + broken)
    out.plant("respondent without a number", path, "row_key_is_blank", rows=broken, column="RESP_ID")
    out.plant(
        "G106: interviews that broke off, so that two bases can be stated",
        path,
        "bases_differ",
        rows=broke_off,
        column="INT_STATUS",
    )


def interval(percent: float, base: int) -> list[float]:
    """Lower and upper bound of a percentage, 95%, of a survey whose design doubles the variance."""
    half = 100 * 1.96 * (2 * percent / 100 * (1 - percent / 100) / base) ** 0.5
    return [round(max(0, percent - half), 1), round(min(100, percent + half), 1)]


def drifted(percent: float, end: str, rng: np.random.Generator) -> float:
    """The percentage some quarters before the last: within a few points of it; the last as it is."""
    quarters = len(ROLLING_ENDS) - 1 - ROLLING_ENDS.index(end)
    return float(np.clip(round(percent + rng.normal(0, 1.5) * min(quarters, 2), 1), 1, 99))


def write_pas(out: Deliveries, end: str, seed: int) -> None:
    """Write the Public Attitude Survey of one rolling year, two title rows above the headings."""
    rng = generator(seed, "public attitudes", end)
    rows = []

    def add(
        question: str, kind: str, area: str, breakdown: str, group: str, percent: float, base: int
    ) -> None:
        rows.append(
            [
                question,
                kind,
                area,
                breakdown,
                group,
                uk_date(np.datetime64(end)),
                percent,
                base,
                *interval(percent, base),
            ]
        )

    for question, (home, force) in PAS_QUESTIONS.items():
        add(question, "Force", FORCE, "All", "All", drifted(force, end, rng), PAS_BASE_OF_FORCE)
        add(question, "Borough", HOME[1], "All", "All", drifted(home, end, rng), PAS_BASE)
        for borough in OTHER_BOROUGHS:
            add(
                question,
                "Borough",
                borough,
                "All",
                "All",
                round(force + rng.normal(0, 5), 1),
                int(rng.integers(560, 640)),
            )
    for question, force in PAS_OF_FORCE.items():
        add(question, "Force", FORCE, "All", "All", drifted(force, end, rng), PAS_BASE_OF_FORCE)
    for question, breakdown, group, percent in PAS_GROUPS:
        add(question, "Force", FORCE, breakdown, group, drifted(percent, end, rng), 1900)
    sheet = [["Public attitudes, rolling 12 months (synthetic sample)"], [], PAS_HEADER, *rows]
    out.add(
        PAS,
        f"pas_{end}.xlsx",
        workbook({"PAS": sheet}),
        published=str(np.datetime64(end) + 60),
        rows=len(rows),
    )


def write_uss(out: Deliveries, end: str, seed: int) -> None:
    """Write victim satisfaction of one rolling year by command unit; the online survey for the force only."""
    rng = generator(seed, "user satisfaction", end)
    day = uk_date(np.datetime64(end))
    rows = []
    for measure, (home, force) in USS_MEASURES.items():
        value = (
            LAST_YEAR_OVERALL
            if (measure, end) == ("Overall satisfaction", "2022-09-30")
            else drifted(home, end, rng)
        )
        rows.append(["USS", measure, HOME_BCU, "All", day, value, 1010])
        rows.append(["USS", measure, FORCE, "All", day, drifted(force, end, rng), 12_400])
        for unit in OTHER_BCUS:
            rows.append(
                [
                    "USS",
                    measure,
                    unit,
                    "All",
                    day,
                    round(force + rng.normal(0, 3), 1),
                    int(rng.integers(900, 1100)),
                ]
            )
    for measure, percent in USS_OF_HATE:
        rows.append(["USS", measure, FORCE, "Hate crime", day, drifted(percent, end, rng), 980])
    for survey, percent in TDIU.items():
        rows.append([survey, "Overall satisfaction", FORCE, "All", day, drifted(percent, end, rng), 5200])
        rows.append([survey, "Overall satisfaction", HOME_BCU, "All", day, "n/a", None])
    sheet = [USS_HEADER, *rows]
    path = out.add(
        USS,
        f"uss_{end}.xlsx",
        workbook({"USS": sheet}),
        published=str(np.datetime64(end) + 60),
        rows=len(rows),
    )
    out.plant(
        "G016, G017: no online and telephone results for the command unit",
        path,
        "values_parse",
        rows=len(TDIU),
        column="% Satisfied",
        month=end[:7],
    )
    out.plant(
        "G015: no results by borough", path, "column_is_delivered", rows=len(rows), column="USS Borough"
    )


def write_csew(out: Deliveries) -> None:
    """Write the estimates, a file for each year ending."""
    for end in sorted({each[0] for each in ESTIMATES}):
        rows = []
        for ending, measure, population, characteristic, group, value in ESTIMATES:
            if ending == end:
                rows.append(
                    [
                        measure,
                        population,
                        characteristic,
                        group,
                        uk_date(np.datetime64(end)),
                        value,
                        PERCENT,
                        *interval(value, CSEW_BASE),
                        CSEW_BASE,
                    ]
                )
        content = rows_of(CSEW_HEADER, rows)
        out.add(
            CSEW,
            f"csew_year_ending_{end[:7]}.csv",
            content,
            published=str(np.datetime64(end) + 120),
            rows=len(rows),
        )
