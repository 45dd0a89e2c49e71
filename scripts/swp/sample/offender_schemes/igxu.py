"""The gangs and exploitation unit: young people of both services, and its register."""

import numpy as np

from swp.contracts import contract_named
from swp.sample.deliveries import Deliveries
from swp.sample.geography import Geography
from swp.sample.marginals import scaled
from swp.sample.offender_schemes.iom import Cohort
from swp.sample.people import OTHER_LONDON, WESTMINSTER, People
from swp.sample.registers import (
    IGXU,
    LAST_DAY,
    REGISTER_DAYS,
    YEAR,
    Spells,
    choose,
    drawn,
    flags,
    laid_out,
    names_seen,
    objects,
    only,
    plant,
    plant_blank,
    published_after,
    sheet,
    some_blank,
    ward_names,
)

IGXU_A_YEAR, IGXU_MEAN_DAYS = (165, 167), 290  # p68; 74 open on average
IGXU_BANDS = {(10, 12): 0.06, (13, 14): 0.19, (15, 16): 0.36, (17, 18): 0.28, (19, 25): 0.11}  # p68
IGXU_ETHNICITY = {
    "B1": 0.06, "B2": 0.15, "B9": 0.03, "O2": 0.24, "W1": 0.04, "W2": 0.005, "W9": 0.025,
    "M1": 0.06, "M2": 0.04, "M9": 0.07, "A3": 0.07,
}  # fmt: skip
IGXU_WARDS = {"E05013794": 0.15, "E05013804": 0.15, "E05013809": 0.12, "E05013795": 0.11}  # p69
TENURE = {
    "Westminster Housing": 0.72, "Other Registered Provider": 0.235, "Private Rented": 0.03,
    "Owner Occupied": 0.015,
}  # fmt: skip
IGXU_SOURCES = {
    "Children's Services": 0.48, "Police": 0.14, "Youth Justice Service": 0.11, "School": 0.09,
    "Early Help": 0.09, "Housing": 0.04, "Hospital": 0.02, "Voluntary Sector": 0.02,
    "Family or Friend": 0.01,
}  # fmt: skip
SERVICES_KNOWN = {"0": 0.37, "1": 0.32, "2": 0.20, "3": 0.08, "4": 0.03}  # p70
IGXU_NEEDS = {
    "need_behaviour": 52, "need_education": 43, "need_exploitation": 41, "need_substance_misuse": 30,
    "need_family": 27, "need_mental_health": 18,
}  # fmt: skip
# One in three without a religion, one score in three out of date (p68, p97).
NO_RELIGION, NO_SCORE, NO_OUTCOME, NO_START_SCORE = 0.33, 0.35, 0.30, 0.05
YJS_A_YEAR, YJS_MEAN_DAYS = (75, 73, 73), 255  # p26; 30 open on average
YJS_BANDS = {(10, 12): 0.03, (13, 14): 0.13, (15, 15): 0.18, (16, 16): 0.26, (17, 17): 0.40}  # p26
YJS_ETHNICITY = {"W1": 0.05, "W2": 0.005, "W9": 0.025, "B1": 0.09, "B2": 0.20, "O2": 0.16, "A3": 0.08}  # p26
YJS_WARDS = {
    "E05013804": 0.19,
    "E05013794": 0.15,
}  # 14% and 11% of all, a quarter being placed elsewhere (p27)


def young_cohorts(people: People, rng: np.random.Generator, scale: float) -> tuple[Cohort, Cohort]:
    """The people of the gangs unit and of youth justice, of whom nearly half are the same (p70).

    They are chosen by their age in the year in which their spell began.
    """
    spells = Spells.steady(rng, [scaled(n, scale, 3) for n in IGXU_A_YEAR], IGXU_MEAN_DAYS)
    free = np.ones(len(people), dtype=bool)
    at_home = people.residence == WESTMINSTER
    who = np.empty(len(spells), dtype=np.int64)
    girls = {"F": 38 / 167, "M": 129 / 167}  # p68
    for group, on in _by_year(spells):
        off = int(len(group) * 0.16 + rng.random())  # p69
        parts = []
        for residence, size in ((WESTMINSTER, len(group) - off), (OTHER_LONDON, off)):
            targets = [("sex", girls), ("self_defined", IGXU_ETHNICITY)]
            if residence == WESTMINSTER:
                targets.append(("ward_code", IGXU_WARDS))
            parts.append(
                choose(people, rng, size, IGXU_BANDS, on=on, targets=targets, residence=residence, among=free)
            )
            free[parts[-1]] = False
        who[group] = rng.permutation(np.concatenate(parts))
    igxu = Cohort(who, spells)

    young = Spells.steady(rng, [scaled(n, scale, 2) for n in YJS_A_YEAR], YJS_MEAN_DAYS)
    shared = np.zeros(len(people), dtype=bool)
    shared[igxu.who] = True
    free &= ~shared
    shared &= at_home
    who = np.empty(len(young), dtype=np.int64)
    for group, on in _by_year(young):
        age = people.age(on)
        both = min(round(len(group) * 0.49), int((shared & (age >= 12) & (age <= 17)).sum()))
        placed = round(len(group) * 0.26)  # p27
        boys = [("sex", {"F": 0.04, "M": 0.96}), ("ward_code", YJS_WARDS)]  # p27
        parts = []
        for size, among, residence in (
            (both, shared, WESTMINSTER),
            (max(0, len(group) - both - placed), free, WESTMINSTER),
            (placed, free, OTHER_LONDON),
        ):
            targets = boys if residence == WESTMINSTER else boys[:1]
            if among is free:
                targets = [*targets, ("self_defined", YJS_ETHNICITY)]
            parts.append(
                choose(people, rng, size, YJS_BANDS, on=on, targets=targets, residence=residence, among=among)
            )
            shared[parts[-1]] = free[parts[-1]] = False
        who[group] = rng.permutation(np.concatenate(parts))[: len(group)]
    return igxu, Cohort(who, young)


def _by_year(spells: Spells) -> list[tuple[np.ndarray, np.datetime64]]:
    """The spells by the year in which they began, counted back from the last day, and the middle of it."""
    back = (LAST_DAY - spells.start).astype(int) // 365
    return [
        (np.flatnonzero(back == year), LAST_DAY - year * YEAR - np.timedelta64(183, "D"))
        for year in np.unique(back)
    ]


def write_igxu(
    out: Deliveries,
    geography: Geography,
    people: People,
    cohort: Cohort,
    in_yjs: np.ndarray,
    rng: np.random.Generator,
    scale: float,
) -> None:
    """Write the register of the gangs unit, on both register days."""
    spells, n = cohort.spells, len(cohort.who)
    rows = objects(
        [f"{r}/{s}" for r, s in zip(people.reference(cohort.who, IGXU), spells.start, strict=True)]
    )
    seen = people.observe(rng, cohort.who, IGXU, table="igxu_person", rows=rows)
    here = people.residence[cohort.who] == WESTMINSTER
    siblings = np.where(rng.random(n) < 0.88, rng.integers(1, 6, n), 0)  # p69
    known = np.where(rng.random(n) < 0.35, np.maximum(1, rng.binomial(siblings, 0.6)), 0)  # p69
    offences = rng.poisson(np.where(rng.random(n) < 0.3, 1.8, 0))
    score = np.clip(rng.normal(42, 14, n), 5, 95).round().astype(int)
    religion = {"Muslim": 0.45, "Christian": 0.16, "No Religion": 0.05, "Other": 0.01}
    fixed = {
        "person_ref": seen["reference"],
        **names_seen(seen),
        "self_defined_ethnicity": seen["self_defined"],
        "religion": drawn(rng, religion | {None: NO_RELIGION}, n),
        "home_postcode": seen["postcode"],
        "ward_name": ward_names(geography, seen["ward_code"]),
        "home_borough": seen["borough"],
        "tenure": only(drawn(rng, TENURE, n), here),
        "care_status": objects(np.where(here | (rng.random(n) < 0.5), "Neither", "Looked After")),
        "referral_source": drawn(rng, IGXU_SOURCES, n),
        "referred_on": spells.start - rng.integers(3, 40, n).astype("m8[D]"),
        "allocated_on": spells.start,
        "sibling_count": siblings,
        "siblings_known_count": only(known, siblings > 0),
        "is_missing_person": flags(rng, 35, n),  # p70
        "is_known_to_yjs": in_yjs[cohort.who],
        "services_known_count": drawn(rng, SERVICES_KNOWN, n),
        **{need: flags(rng, share, n) for need, share in IGXU_NEEDS.items()},
        "offences_before": offences,
        "knife_offences": rng.binomial(offences, 0.12),
        "impact_score_start": some_blank(rng, score, NO_START_SCORE),
    }
    after = rng.binomial(offences, 0.59)  # 41% fewer (p70)
    better = rng.random(n) < 0.67  # of those who completed (p70)
    latest = np.clip(score + np.where(better, rng.integers(3, 25, n), -rng.integers(0, 12, n)), 0, 100)
    latest = some_blank(rng, latest, NO_SCORE)
    outcome = objects(np.where(better, "Improved", "No improvement"))
    outcome = some_blank(rng, outcome, NO_OUTCOME)
    completed = flags(rng, 82, n)
    for day in REGISTER_DAYS:
        held, end = spells.at(day)
        closed = ~np.isnat(end)
        columns = {name: values[held] for name, values in fixed.items()}
        columns["as_at_date"] = np.full(len(held), np.datetime64(day))
        columns["status"] = objects(np.where(closed, "Closed", "Open"))
        columns["closed_on"] = end
        columns["is_completed"] = only(completed[held], closed)
        columns["offences_after"] = only(after[held], spells.start[held] + YEAR <= np.datetime64(day))
        columns["impact_score_latest"] = latest[held]
        columns["outcome"] = only(outcome[held], closed)
        table = laid_out("igxu_person", columns, iso=True, leave_out=["siblings_not_known_reason"])
        contract = contract_named("igxu_person")
        title = ["Integrated Gangs and Exploitation Unit", f"People worked with in the two years to {day}"]
        content = sheet(contract, table, "Cohort", title, numbers=False)
        name = f"igxu_cohort_{day}.xlsx"
        file = out.add("igxu_person", name, content, published=published_after(day), rows=len(table))
        label = contract.column("siblings_not_known_reason").label
        fault = "no reason why siblings are not known"
        plant(out, "G070", fault, file, "column_is_delivered", rows=len(table), column=label)
        for column, gap, fault in (
            ("religion", "G069", "religion not recorded for a third"),
            ("impact_score_latest", "G108", "impact scores out of date"),
            ("outcome", "G108", "outcomes not recorded"),
        ):
            excused = int((~closed).sum()) if column == "outcome" else 0
            plant_blank(out, gap, fault, file, "igxu_person", column, table, excused)
