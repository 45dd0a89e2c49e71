"""What turns counts into cost and harm: unit costs and harm weights from the seeds, an invented deflator.

Unit costs and harm weights repeat the project's own seeds in an assumed layout, offence by offence with
invented codes; the deflator is a smooth invented series in the layout of the Office for National Statistics.
"""

import csv

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.geography import SEEDS
from swp.sample.marginals import generator
from swp.sample.workbooks import workbook

COSTS, HARM, DEFLATOR = "ho_unit_cost", "cchi_weight", "gdp_deflator"
COST_HEADER = ["Crime Type (RR99)", "Cost Component", "Cost Category", "Unit Cost (£)", "Price Year"]
HARM_HEADER = ["CCHI Edition", "CCHI Offence Code", "CCHI Offence", "CCHI Sub Group", "CCHI Days"]
DEFLATOR_HEADING = "Gross domestic product at market prices:Implied deflator:SA"
TITLES = (
    ("CDID", "YBGB"),
    ("Source dataset ID", "SAMPLE"),
    ("PreUnit", "£"),
    ("Unit", "m"),
    ("Release date", "29-09-2023"),
    ("Next release", "22 December 2023"),
    ("Important notes", "Synthetic sample"),
)
FIRST_YEAR, LAST_YEAR, BASE_YEAR = 2010, 2023, 2022
GROWTH = {2021: 0.004, 2022: 0.052, 2023: 0.068}  # of other years 1.8%


def write(out: Deliveries, *, seed: int) -> None:
    """Write unit costs, harm weights and a deflator; they stay whole at any scale."""
    write_costs(out)
    write_harm(out, seed)
    write_deflator(out)


def seed_rows(name: str) -> list[dict[str, str]]:
    """The rows of a seed of the project."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_costs(out: Deliveries) -> None:
    """Write the cost of each crime by component, with the published total beside the components."""
    names = {row["cost_class_code"]: row["cost_class_name"] for row in seed_rows("cost_classes")}
    rows = [
        [
            names[row["cost_class_code"]],
            row["component"],
            row["component_group"],
            int(row["unit_cost_gbp"]),
            row["price_year"],
        ]
        for row in seed_rows("unit_costs")
    ]
    content = workbook(
        {"Unit costs": [["Synthetic sample: the project's own unit costs"], COST_HEADER, *rows]}
    )
    path = out.add(COSTS, "unit_costs_of_crime.xlsx", content, published="2018-07-23", rows=len(rows))
    totals = sum(row[1] == "published_unit_total" for row in rows)
    out.plant(
        "G009: crime types outside the cost model",
        path,
        "offence_without_unit_cost",
        rows=totals,
        column="Crime Type (RR99)",
    )


def write_harm(out: Deliveries, seed: int) -> None:
    """Write some offences of each subgroup, their median the weight of the seed."""
    rng = generator(seed, "harm weights")
    rows = []
    for number, group in enumerate(seed_rows("harm_weights"), start=1):
        middle, low, high = (float(group[name] or group["days"]) for name in ("days", "min_days", "max_days"))
        half = min(3, int(group["n"]) // 2)
        days = [
            *np.linspace(low, middle, half, endpoint=False),
            middle,
            *(middle + (high - middle) * rng.random(half)),
        ]
        for place, value in enumerate(days, start=1):
            subgroup = group["home_office_subgroup"]
            rows.append(
                [
                    group["index_version"],
                    f"S{number:03d}/{place:02d}",
                    f"{subgroup} - sample offence {place}",
                    subgroup,
                    round(value, 2),
                ]
            )
    broken = [rows[0][0], "S999/01", "Sample offence without a weight", rows[0][3], "n/a"]
    content = workbook({"Index": [["Synthetic sample in an assumed layout"], HARM_HEADER, *rows, broken]})
    path = out.add(HARM, "cchi_weights.xlsx", content, published="2023-05-01", rows=len(rows) + 1)
    out.plant("weight that is not a number", path, "row_value_does_not_parse", rows=1, column="CCHI Days")


def write_deflator(out: Deliveries) -> None:
    """Write years, then quarters, under rows of titles."""
    years = list(range(FIRST_YEAR, LAST_YEAR + 1))
    index = np.cumprod([1 + GROWTH.get(year, 0.018) for year in years])
    index *= 100 / index[years.index(BASE_YEAR)]
    middles = np.array(years) + 0.5
    rows = [(str(year), f"{value:.1f}") for year, value in zip(years, index, strict=True)]
    for year in years:
        for quarter in range(4):
            value = np.interp(year + 0.125 + quarter / 4, middles, index)
            rows.append((f"{year} Q{quarter + 1}", f"{value:.1f}"))
    lines = [("Title", DEFLATOR_HEADING), *TITLES, *rows]
    content = "".join(f'"{name}","{value}"\n' for name, value in lines).encode()
    path = out.add(DEFLATOR, "gdp_deflator_ybgb.csv", content, published="2023-09-29", rows=len(lines) - 1)
    out.plant(
        "rows of titles without a number",
        path,
        "row_value_does_not_parse",
        rows=len(TITLES),
        column=DEFLATOR_HEADING,
    )
