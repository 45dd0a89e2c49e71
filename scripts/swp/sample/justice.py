"""Proven reoffending by local authority and characteristic, laid out as an assumed table of the ministry."""

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.geography import BOROUGHS, HOME
from swp.sample.health import uk_date
from swp.sample.marginals import generator
from swp.sample.workbooks import workbook

SOURCE = "moj_reoffending"
HEADER = [
    "Cohort Year Ending", "MoJ Area Code", "MoJ Area", "Characteristic Type", "Characteristic",
    "Number of Offenders", "Number of Reoffenders", "Number of Reoffences", "Number of Previous Offences",
    "Proportion Who Reoffend (%)",
]  # fmt: skip
LONDON = ("E12000007", "London")
# Offenders of the borough in the two cohorts: 1,385 is 94 more than a year before (strategic assessment
# 2024, p24).
COHORTS = (("2020-12-31", 1291, "2022-10-27"), ("2021-12-31", 1385, "2023-10-26"))
LONDON_OFFENDERS = 48_000
# Share of the borough's offenders (p24, else assumed), share in London, reoffending rate in both, rank of the
# borough among 33 (p25; assumed where none is printed).
CHARACTERISTICS = {
    ("All", "All"): (1, 1, 0.291, 0.233, 1),
    ("Sex", "Male"): (0.89, 0.84, 0.306, 0.241, 1),
    ("Sex", "Female"): (0.11, 0.16, 0.177, 0.177, 15),
    ("Age", "Aged 10 to 14"): (0.005, 0.012, 0.20, 0.28, 20),
    ("Age", "Aged 15 to 17"): (0.020, 0.048, 0.333, 0.343, 15),
    ("Age", "Aged 18 to 20"): (0.075, 0.090, 0.330, 0.263, 5),
    ("Age", "Aged 21 to 24"): (0.130, 0.140, 0.212, 0.215, 16),
    ("Age", "Aged 25 to 29"): (0.170, 0.165, 0.323, 0.208, 1),
    ("Age", "Aged 30 to 34"): (0.170, 0.155, 0.239, 0.238, 19),
    ("Age", "Aged 35 to 39"): (0.140, 0.125, 0.301, 0.250, 4),
    ("Age", "Aged 40 to 44"): (0.105, 0.090, 0.310, 0.257, 5),
    ("Age", "Aged 45 to 49"): (0.075, 0.070, 0.375, 0.225, 1),
    ("Age", "Aged 50+"): (0.110, 0.105, 0.287, 0.177, 1),
    ("Ethnicity", "White"): (0.50, 0.48, 0.331, 0.236, 1),
    ("Ethnicity", "Black"): (0.22, 0.32, 0.275, 0.255, 13),
    ("Ethnicity", "Asian"): (0.10, 0.12, 0.188, 0.210, 19),
    ("Ethnicity", "Other ethnicity"): (0.13, 0.045, 0.242, 0.293, 9),
    ("Ethnicity", "Not recorded"): (0.05, 0.035, 0.20, 0.15, 10),
    ("Index offence", "Violence Against the Person"): (0.10, 0.14, 0.264, 0.221, 3),
    ("Index offence", "Sexual"): (0.015, 0.020, 0.12, 0.11, 14),
    ("Index offence", "Robbery"): (0.015, 0.020, 0.26, 0.24, 14),
    ("Index offence", "Theft"): (0.10, 0.09, 0.409, 0.446, 20),
    ("Index offence", "Criminal Damage and Arson"): (0.02, 0.02, 0.27, 0.25, 14),
    ("Index offence", "Drug"): (0.20, 0.16, 0.274, 0.235, 3),
    ("Index offence", "Possession of Weapons"): (0.055, 0.050, 0.299, 0.199, 1),
    ("Index offence", "Public Order"): (0.075, 0.060, 0.398, 0.301, 1),
    ("Index offence", "Miscellaneous Crimes Against Society"): (0.09, 0.08, 0.210, 0.175, 7),
    ("Index offence", "Fraud"): (0.02, 0.03, 0.13, 0.12, 14),
    ("Index offence", "Summary Non-motoring"): (0.17, 0.16, 0.340, 0.212, 1),
    ("Index offence", "Summary Motoring"): (0.14, 0.17, 0.095, 0.125, 29),
}
REOFFENCES_EACH, PREVIOUS_EACH = 3.9, 14.5
SMALLEST = 5


def write(out: Deliveries, *, seed: int) -> None:
    """Write the cohorts of 2020 and 2021, a workbook each; the tables stay whole at any scale."""
    for end, offenders, published in COHORTS:
        rng = generator(seed, "reoffending", end)
        rows = rows_of_cohort(end, offenders, rng)
        sheets = {
            "Notes": [["Synthetic sample in an assumed layout. Counts under 5 are asterisks."]],
            "Local authority": [["Proven reoffending by local authority"], [], HEADER, *rows],
        }
        name = f"proven_reoffending_cohort_{end[:4]}.xlsx"
        path = out.add(SOURCE, name, workbook(sheets), published=published, rows=len(rows))
        small = sum(row[5] == "*" for row in rows)
        out.plant(
            "counts under 5 as asterisks",
            path,
            "null_written_as_text",
            rows=small,
            column="Number of Offenders",
        )
        if end == COHORTS[-1][0]:
            out.plant(
                "G021, G111: the latest cohort ended in December 2021",
                path,
                "period_is_old",
                rows=len(rows),
                column="Cohort Year Ending",
                month=end[:7],
            )


def rows_of_cohort(end: str, offenders: int, rng: np.random.Generator) -> list[list]:
    """The rows of a cohort: London, and each borough; the borough keeps its rank in each characteristic."""
    others = [name for name in BOROUGHS if name != HOME[1]]
    size = dict(zip(others, rng.uniform(0.35, 1.6, len(others)), strict=True))
    size = {name: LONDON_OFFENDERS * part / sum(size.values()) for name, part in size.items()}
    rows = []
    for (kind, group), (own, common, rate, rate_of_london, rank) in CHARACTERISTICS.items():
        above = rng.permutation(len(others)) < rank - 1
        rates = np.where(
            above,
            rate + 0.01 + rng.uniform(0, 0.10, len(others)),
            np.clip(rate_of_london + rng.normal(0, 0.02, len(others)), 0.02, max(0.03, rate - 0.01)),
        )
        areas = [(*HOME, offenders * own, rate), (*LONDON, LONDON_OFFENDERS * common, rate_of_london)]
        areas += [
            (BOROUGHS[name], name, size[name] * common, r) for name, r in zip(others, rates, strict=True)
        ]
        for code, area, number, value in areas:
            cohort = round(number)
            again = round(cohort * value)
            counts = [cohort, again, round(again * REOFFENCES_EACH), round(cohort * PREVIOUS_EACH)]
            shown = ["*"] * 5 if cohort < SMALLEST else [*counts, round(100 * again / cohort, 1)]
            rows.append([uk_date(np.datetime64(end)), code, area, kind, group, *shown])
    return rows
