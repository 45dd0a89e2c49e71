"""The English indices of deprivation as a workbook of three sheets, with random values."""

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.geography import BOROUGHS, HOME, OTHER_BOROUGHS, Geography
from swp.sample.marginals import generator
from swp.sample.workbooks import workbook

PLACES_ELSEWHERE = 3
ALL_LSOAS = 32844
MOST, TENTH = "(where 1 is most deprived)", "(where 1 is most deprived 10% of LSOAs)"
DOMAINS = {
    "Index of Multiple Deprivation (IMD)": "Index of Multiple Deprivation (IMD) Score",
    "Income": "Income Score (rate)",
    "Employment": "Employment Score (rate)",
    "Education, Skills and Training": "Education, Skills and Training Score",
    "Health Deprivation and Disability": "Health Deprivation and Disability Score",
    "Crime": "Crime Score",
    "Barriers to Housing and Services": "Barriers to Housing and Services Score",
    "Living Environment": "Living Environment Score",
}
AREA = [
    "LSOA code (2011)",
    "LSOA name (2011)",
    "Local Authority District code (2019)",
    "Local Authority District name (2019)",
]
INDICES = AREA + [
    heading
    for domain, score in DOMAINS.items()
    for heading in (score, f"{domain} Rank {MOST}", f"{domain} Decile {TENTH}")
]
PEOPLE = [
    *AREA,
    "Total population: mid 2015 (excluding prisoners)",
    "Dependent Children aged 0-15: mid 2015 (excluding prisoners)",
    "Population aged 16-59: mid 2015 (excluding prisoners)",
    "Older population aged 60 and over: mid 2015 (excluding prisoners)",
    "Working age population 18-59/64: for use with Employment Deprivation Domain (excluding prisoners)",
]


def write(out: Deliveries, geography: Geography, *, seed: int) -> None:
    """Write the workbook: sheets Notes, IMD 2019 and Population figures, a row per LSOA of 2011."""
    rng = generator(seed, "deprivation")
    names = {row["lsoa_2011_code"]: row["lsoa_2011_name"] for row in geography.lsoas}
    areas = [[code, name, *HOME] for code, name in sorted(names.items())]
    for borough in OTHER_BOROUGHS:
        for place in geography.places_elsewhere[borough][:PLACES_ELSEWHERE]:
            areas.append([place.code_2011, place.name_2011, BOROUGHS[borough], borough])
    ranks = rng.integers(1, ALL_LSOAS + 1, (len(areas), len(DOMAINS)))
    deciles = np.ceil(ranks * 10 / ALL_LSOAS).astype(int)
    depth = 1 - ranks / ALL_LSOAS
    scores = np.where([("rate" in score) for score in DOMAINS.values()], depth * 0.4, depth * 80).round(3)
    total = rng.integers(1000, 2400, len(areas))
    parts = rng.multinomial(total, [0.17, 0.66, 0.17])
    indices, people = [], []
    for n, area in enumerate(areas):
        triples = zip(scores[n].tolist(), ranks[n].tolist(), deciles[n].tolist(), strict=True)
        indices.append([*area, *(value for triple in triples for value in triple)])
        children, adults, older = parts[n].tolist()
        people.append([*area, int(total[n]), children, adults, older, round(adults * 0.97)])
    sheets = {
        "Notes": [
            ["Synthetic sample: random values in the layout of the English indices of deprivation 2019."]
        ],
        "IMD 2019": [INDICES, *indices],
        "Population figures": [PEOPLE, *people],
    }
    name = "westminster_lsoa2011_iod2019.xlsx"
    out.add("mhclg_deprivation", name, workbook(sheets), published="2019-09-26", rows=len(indices))
