"""Cases of housing."""

import numpy as np
import pyarrow as pa

from swp.sample.deliveries import Deliveries
from swp.sample.faults import broken_count, with_broken_rows
from swp.sample.marginals import generator, scaled, spread
from swp.sample.wcc_asb.columns import (
    blank,
    days_of,
    drawn,
    exact,
    numbered,
    objects,
    person_columns,
    set_cells,
    table_of,
    uk,
    yes,
)
from swp.sample.wcc_asb.ground import AGENCY, ANSWERED, OUTCOMES, Ground, parties, plant_gap
from swp.sample.workbooks import notes, titled, workbook

VULNERABILITIES = {
    "None identified": 0.45, "Mental health": 0.16, "Physical health": 0.08, "Disability": 0.07, "Age": 0.08,
    "Substance misuse": 0.05, "Domestic abuse": 0.04, "Not assessed": 0.07,
}  # fmt: skip
HOUSING_CASES = (395, 342)  # the year before is assumed: cases have been falling
HOUSING_CATEGORIES = {
    "Noise": 25, "Drug use/dealing": 25, "Intimidation and harassment": 24, "Violence": 6, "Vandalism": 4,
    "Misuse of communal areas": 4, "Litter, rubbish or fly-tipping": 3, "Alcohol related": 2,
    "Pets and animals": 2, "Domestic abuse": 1, "Hate incident": 1, "Vehicle nuisance": 1, "Cuckooing": 1,
    "Other": 1,
}  # fmt: skip
# What the risk depends on, besides chance.
GRAVE = {"Violence": 1.5, "Drug use/dealing": 0.6, "Intimidation and harassment": 0.6, "Domestic abuse": 1.5,
         "Hate incident": 1.0, "Cuckooing": 1.0}  # fmt: skip
REPEATS = (
    {"both": 16, "complainant": 12, "perpetrator": 25, "neither": 47},
    {"both": 18, "complainant": 12, "perpetrator": 26, "neither": 44},
)
WITHIN_30_DAYS = (0.45, 0.25)
RISKS = {"High": 0.48, "Medium": 0.33, "Low": 0.19}
ACTIONS = (
    "Warning letter", "Warning letter; Acceptable behaviour contract", "Mediation",
    "Diary sheets; Warning letter", "Notice of seeking possession", "Injunction", "Referral to support",
    "Joint visit with police", "None",
)  # fmt: skip


def duration(rng: np.random.Generator, n: int, quick: float) -> np.ndarray:
    """Days until a case is closed: the share `quick` within 30, the others up to ten months."""
    soon = np.zeros(n, dtype=bool)
    soon[rng.permutation(n)[: round(quick * n)]] = True
    return np.where(
        soon, rng.integers(2, 31, size=n), 31 + np.minimum(rng.exponential(75, n), 270).astype(int)
    )


def write_housing(out: Deliveries, ground: Ground, seed: int, scale: float) -> None:
    """Two workbooks of housing cases: a merged title over the table, numbers and dates as text."""
    rng = generator(seed, AGENCY, "housing")
    per_year = [scaled(n, scale, 8) for n in HOUSING_CASES]
    days = np.concatenate([days_of(rng, year, n) for year, n in enumerate(per_year)])
    people, n = ground.people, len(days)
    refs = numbered("HASB{:06d}", n, 210_001)
    who = parties(rng, ground, days, list(REPEATS), per_year, unnamed=0.12)
    complainant = people.observe(
        rng, who.complainant, "housing", table="housing_asb_case", rows=refs + "/complainant"
    )
    named = np.flatnonzero(who.perpetrator >= 0)
    seen = people.observe(
        rng, who.perpetrator[named], "housing", table="housing_asb_case", rows=refs[named] + "/perpetrator"
    )
    perpetrator = {}
    for name, values in seen.items():
        perpetrator[name] = np.full(n, None, dtype=object)
        perpetrator[name][named] = values
    category = np.concatenate([exact(rng, k, HOUSING_CATEGORIES) for k in per_year])
    grave = rng.random(n) + np.array([GRAVE.get(name, 0) for name in category])
    risk = np.empty(n, dtype=object)
    first = 0
    for k in per_year:
        order = first + np.argsort(-grave[first : first + k], kind="stable")
        risk[order] = np.repeat(objects(RISKS), spread(k, np.array(list(RISKS.values())), rng))
        first += k
    lasted = np.concatenate([duration(rng, k, q) for k, q in zip(per_year, WITHIN_30_DAYS, strict=True)])
    closed = days + lasted
    still_open = closed >= np.datetime64(ANSWERED)
    ward = ground.named(complainant["ward_code"])
    estate = objects(
        w and f"{w} Estate {c}" for w, c in zip(ward, drawn(rng, n, {"A": 5, "B": 3, "C": 2}), strict=True)
    )
    to_police = rng.random(n) < np.where(grave > 1, 0.6, 0.15)
    columns = {
        "Case Ref": refs,
        "Date Opened": uk(days),
        "Case Status": np.where(still_open, "Open", "Closed").astype(object),
        "Date Closed": blank(uk(closed), still_open),
        "Days Open": objects(
            str(d) for d in np.minimum(lasted, (np.datetime64(ANSWERED) - days).astype(int))
        ),
        "ASB Category": category,
        "Risk Level": risk,
        "Risk Score": objects(str(round(12 * g)) for g in grave),
        "Estate": blank(estate, rng.random(n) < 0.2),
        "Property Address": complainant["address"],
        "Postcode": complainant["postcode"],
        "UPRN": complainant["uprn"],
        "Ward": ward,
        "Complainant ID": complainant["reference"],
        **person_columns("Complainant", complainant),
        "Complainant Ethnicity": complainant["self_defined"],
        "Complainant Vulnerability": blank(drawn(rng, n, VULNERABILITIES), rng.random(n) < 0.25),
        "Repeat Complainant": yes(who.repeats_complainant),
        "Alleged Perpetrator ID": perpetrator["reference"],
        **person_columns("Alleged Perpetrator", perpetrator),
        "Repeat Perpetrator": yes(who.repeats_perpetrator),
        "Reported To Police": yes(to_police),
        "Actions Taken": drawn(rng, n, dict.fromkeys(ACTIONS, 1)),
        "Outcome": blank(drawn(rng, n, OUTCOMES), still_open),
    }
    whole = table_of(columns)
    for year, (first, count) in enumerate(((0, per_year[0]), (per_year[0], per_year[1]))):
        label = ("2021-22", "2022-23")[year]
        table = whole.slice(first, count).combine_chunks()
        broken = broken_count(scale, count, 2)
        plants = []
        if year == 0 and broken:
            fresh = {"Case Ref": pa.array(numbered("HASB9{:05d}", broken), pa.string())}
            table = with_broken_rows(table, "Date Opened", "31/02/2022", broken, fresh)
            plants.append(("date that does not exist", "row_value_does_not_parse", broken, "Date Opened"))
        if year == 1 and broken:
            table = with_broken_rows(table, "Case Status", "Re-opened", broken)
            plants.append(("case that stands twice, re-opened", "repeated_key", broken, "Case Ref"))
            table = set_cells(table, "Ward", broken, "Bryanston & Dorset Square")
            plants.append(("ward of before May 2022", "values_in_code_list", broken, "Ward"))
        titles = (
            "Housing anti-social behaviour cases (synthetic sample)",
            f"Cases opened October to September {label}",
        )
        file = out.add(
            "housing_asb_case",
            f"Housing ASB cases {label}.xlsx",
            workbook({"Cases": titled(table, titles), "Read me": notes("housing")}, merged=len(titles)),
            published=ANSWERED,
            rows=table.num_rows,
        )
        for fault, check, rows, column in plants:
            out.plant(fault, file, check, rows=rows, column=column)
        what = "cases that read like crime carry no police reference"
        plant_gap(out, "G036", what, file, "column_is_delivered", table.num_rows, "Police Crime Ref")
