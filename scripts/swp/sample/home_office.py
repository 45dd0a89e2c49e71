"""Open data tables of the Home Office: outcomes by force, and recorded crime by partnership, by quarter.

The borough's own counts are those of `crimes`; printed figures of modern slavery, stalking and outcomes
(strategic assessment 2024, p10, p81, p82) are kept, and everything else is drawn.
"""

import csv

import numpy as np

from swp.paths import PROJECT
from swp.sample.crimes import CLASSES, MPS, Crimes
from swp.sample.deliveries import Deliveries
from swp.sample.geography import CITY, HOME, OTHER_BOROUGHS
from swp.sample.marginals import generator, spread
from swp.sample.mps_cris.basics import HO_CODES
from swp.sample.mps_cris.columns import quoted_csv, text_table

OUTCOMES, RECORDED = "ho_outcomes", "ho_recorded_crime"
QUARTERS = [
    ("2021/22", 3),
    ("2021/22", 4),
    *(("2022/23", q) for q in (1, 2, 3, 4)),
    ("2023/24", 1),
    ("2023/24", 2),
]
NATION = "England and Wales"
NATION_A_QUARTER, FORCE_A_QUARTER = 1_680_000, 230_000
# Share of a quarter's offences by outcome type, in per cent.
COMMON = {
    "1": 5.7, "2": 0.1, "3": 1.2, "4": 0.1, "5": 0.1, "6": 0.2, "7": 0.2, "8": 2.8, "9": 0.2, "10": 1.0,
    "11": 0.2, "12": 0.2, "13": 0.2, "14": 8.6, "15": 11.4, "16": 18.0, "17": 0.3, "18": 39.3, "20": 1.5,
    "21": 0.5, "22": 0.4,
}  # fmt: skip
NOT_ASSIGNED = {"2021/22": 11.2, "2022/23": 8.0, "2023/24": 20.0}
FORCE_NOT_ASSIGNED = {("2023/24", 1): 24.0, ("2023/24", 2): 33.3}
SLAVERY = {("2022/23", 1): 31, ("2022/23", 2): 30, ("2022/23", 3): 29, ("2022/23", 4): 27, ("2023/24", 1): 18}
STALKING = {
    ("2022/23", 1): 86,
    ("2022/23", 2): 91,
    ("2022/23", 3): 88,
    ("2022/23", 4): 91,
    ("2023/24", 1): 100,
}
PUBLISHED = "2024-01-25"


def seed_rows(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def months_of(quarter: tuple[str, int]) -> tuple[str, str]:
    """First and last month of a quarter of a financial year."""
    first = np.datetime64(f"{quarter[0][:4]}-04") + 3 * (quarter[1] - 1)
    return str(first), str(first + 2)


def write(out: Deliveries, borough: Crimes, *, seed: int, scale: float) -> None:
    """Write both tables for October 2021 to September 2023, a file each."""
    write_outcomes(out, seed, scale)
    write_recorded(out, borough, seed, scale)


def write_outcomes(out: Deliveries, seed: int, scale: float) -> None:
    """Write the outcomes of the nation and of the two forces of London, by subgroup and quarter."""
    rng = generator(seed, OUTCOMES)
    codes = seed_rows("home_office_offence_codes")
    subgroups = sorted({(code["home_office_group"], code["home_office_subgroup"]) for code in codes})
    names = {row["outcome_code"]: row for row in seed_rows("home_office_outcomes")}
    weights = rng.uniform(0.3, 1.7, len(subgroups))
    rows = []
    for quarter in QUARTERS:
        for force, total in ((NATION, NATION_A_QUARTER), (MPS, FORCE_A_QUARTER), ("London, City of", 2_000)):
            waiting = NOT_ASSIGNED[quarter[0]]
            waiting = FORCE_NOT_ASSIGNED.get(quarter, waiting) if force == MPS else waiting
            named = {"1", "18"} if force == NATION and quarter[0] == "2022/23" else set()
            rest = sum(share for code, share in COMMON.items() if code not in named)
            left = 100 - waiting - sum(COMMON[code] for code in named)
            shares = {code: share if code in named else share * left / rest for code, share in COMMON.items()}
            shares["0"] = waiting
            per_group = spread(round(total * min(scale, 1)), weights / weights.sum(), rng)
            for (group, subgroup), offences in zip(subgroups, per_group.tolist(), strict=True):
                counts = spread(offences, np.array(list(shares.values())) / 100, rng)
                for code, count in zip(shares, counts.tolist(), strict=True):
                    if count:
                        later = None if code == "0" else str(round(count * rng.uniform(0.9, 1.1)))
                        outcome = names[code]
                        names_of = (outcome["outcome_name"], outcome["outcome_group"], code)
                        offence = (force, subgroup, group, subgroup, None)
                        rows.append([quarter[0], str(quarter[1]), *offence, *names_of, str(count), later])
    header = [
        "Financial Year", "Financial Quarter", "Force Name", "Offence Description", "Offence Group",
        "Offence Subgroup", "Offence Code", "Outcome Description", "Outcome Group", "Outcome Type",
        "Force outcomes for offences recorded in quarter", "Force outcomes recorded in quarter",
    ]  # fmt: skip
    table = text_table(dict(zip(header, map(list_array, zip(*rows, strict=True)), strict=True)))
    file = out.add(OUTCOMES, "ho-outcomes-open-data.csv.gz", quoted_csv(table), published=PUBLISHED,
                   rows=table.num_rows)  # fmt: skip
    recent = sum(row[:3] == ["2023/24", "2", MPS] and row[9] == "0" for row in rows)
    out.plant("G007: a third not assigned an outcome yet", file, "outcome_not_yet_assigned", rows=recent,
              column="Outcome Type", month="2023-09")  # fmt: skip


def write_recorded(out: Deliveries, borough: Crimes, seed: int, scale: float) -> None:
    """Write recorded crime of the partnerships of London by offence code and quarter."""
    rng = generator(seed, RECORDED)
    codes = {code["home_office_code"]: code for code in seed_rows("home_office_offence_codes")}
    heavy = rng.uniform(0.25, 0.6, len(OTHER_BOROUGHS))
    rows = []
    for quarter in QUARTERS:
        per_class = borough.counts[:, :, borough.between(*months_of(quarter))].sum(axis=(1, 2))
        for name, force, weight in (
            (HOME[1], MPS, None),
            *((other, MPS, share) for other, share in zip(OTHER_BOROUGHS, heavy, strict=True)),
            (CITY, "London, City of", 0.03),
        ):
            counts: dict[str, int] = {}
            for offence, recorded in zip(CLASSES, per_class.tolist(), strict=True):
                shares = dict(HO_CODES[offence.minor])
                if offence.minor == "Violence without Injury":
                    shares |= {"8Q": 0.05, "106": 0.014}
                total = recorded if weight is None else int(rng.poisson(recorded * weight))
                known = {}
                if weight is None and offence.minor == "Violence without Injury":
                    printed = (("106", SLAVERY), ("8Q", STALKING))
                    known = {code: round(of[quarter] * scale) for code, of in printed if quarter in of}
                    shares = {code: share for code, share in shares.items() if code not in known}
                left = max(0, total - sum(known.values()))
                parts = rng.multinomial(left, np.array(list(shares.values())) / sum(shares.values()))
                counts |= dict(zip(shares, parts.tolist(), strict=True)) | known
            for code, count in counts.items():
                if count:
                    rows.append([quarter[0], str(quarter[1]), force, name, codes[code]["home_office_name"],
                                 codes[code]["home_office_group"], codes[code]["home_office_subgroup"], code,
                                 str(count)])  # fmt: skip
    header = ["Financial Year", "Financial Quarter", "Force Name", "CSP Name", "Offence Description",
              "Offence Group", "Offence Subgroup", "Offence Code", "Number of Offences"]  # fmt: skip
    table = text_table(dict(zip(header, map(list_array, zip(*rows, strict=True)), strict=True)))
    out.add(RECORDED, "prc-csp-open-data.csv.gz", quoted_csv(table), published=PUBLISHED, rows=table.num_rows)


def list_array(values: tuple) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
