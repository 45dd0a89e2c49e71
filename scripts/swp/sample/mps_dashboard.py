"""Recorded crime in the long layout of the force's monthly dashboard: the same counts as its wide files."""

import csv
import io

import numpy as np

from swp.sample.crimes import CLASSES, Crimes
from swp.sample.deliveries import Deliveries
from swp.sample.geography import BOROUGHS, HOME
from swp.sample.marginals import Marginals, generator, months
from swp.sample.mps import AREAS, EARLIER, RECENT, borough_counts

SOURCE = "mps_dashboard_monthly"
HEADER = [
    "Month_Year", "Area Type", "Borough_SNT", "Area name", "Area code", "Offence Group", "Offence Subgroup",
    "Measure", "Financial Year", "FY_FYIndex", "Count", "Refresh Date",
]  # fmt: skip
FIRST, LAST = "2021-10", "2023-11"
OFFENCES, OUTCOMES = "Offences", "Positive Outcomes"
OUTCOME_SHARE = 0.08
REFRESHED = "04/12/2023"
BOROUGH, WARD = "Borough", "Ward"


def write(out: Deliveries, crimes: Crimes, marginals: Marginals, *, seed: int, scale: float) -> None:
    """Write October 2021 to November 2023: every borough, and the wards of the borough."""
    rng = generator(seed, "monthly dashboard")
    span = months(EARLIER[0], RECENT[1])
    columns = slice(span.index(FIRST), span.index(LAST) + 1)
    boroughs = borough_counts(crimes, marginals, span, seed, scale)[:, :, columns]
    geography = crimes.geography
    ward_of = np.array([atom.ward for atom in geography.atoms])
    own = crimes.between(FIRST, LAST)
    listed = [(BOROUGH, area, area, BOROUGHS.get(area, ""), boroughs[a]) for a, area in enumerate(AREAS)]
    for code, ward in sorted(geography.ward_names.items()):
        listed.append((WARD, HOME[1], ward, code, crimes.with_ward[:, ward_of == code, own].sum(axis=1)))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADER)
    rows, pseudo = 0, 0
    years = [financial_year(month) for month in span[columns]]
    for kind, borough, area, code, counts in listed:
        for measure, values in ((OFFENCES, counts), (OUTCOMES, rng.binomial(counts, OUTCOME_SHARE))):
            for c, m in zip(*(part.tolist() for part in np.nonzero(values)), strict=True):
                year, index = years[m]
                writer.writerow(
                    [
                        first_day(span[columns][m]),
                        kind,
                        borough,
                        area,
                        code,
                        CLASSES[c].major.upper(),
                        CLASSES[c].minor.upper(),
                        measure,
                        year,
                        f"{year}_{index:02d}",
                        int(values[c, m]),
                        REFRESHED,
                    ]
                )
                rows += 1
                pseudo += not code
    content = buffer.getvalue().encode()
    name = "MPS_MonthlyCrimeDashboard_TNOCrimeData.csv.gz"
    path = out.add(SOURCE, name, content, published="2023-12-12", rows=rows)
    out.plant("area that is no borough", path, "area_not_known", rows=pseudo, column="Borough_SNT")


def first_day(month: str) -> str:
    """The first day of a month (YYYY-MM) as DD/MM/YYYY."""
    return f"01/{month[-2:]}/{month[:4]}"


def financial_year(month: str) -> tuple[str, int]:
    """The financial year of a month, such as 22/23, and the month's place in it from 1."""
    year, number = int(month[:4]), int(month[-2:])
    start = year if number >= 4 else year - 1
    return f"{start % 100:02d}/{(start + 1) % 100:02d}", (number - 4) % 12 + 1
