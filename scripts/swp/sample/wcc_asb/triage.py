"""Referrals to the triage desk."""

import numpy as np
import pyarrow as pa

from swp.sample.deliveries import Deliveries
from swp.sample.marginals import generator, scaled
from swp.sample.wcc_asb.columns import (
    YEAR_STARTS,
    blank,
    days_of,
    drawn,
    exact,
    numbered,
    objects,
    person_columns,
    some,
    table_of,
    uk,
    yes,
)
from swp.sample.wcc_asb.ground import AGENCY, ANSWERED, OUTCOMES, Ground, plant_gap, wards_of
from swp.sample.workbooks import titled, workbook

REFERRALS = (144, 81)
CASES_WORKED_ON, CATEGORIES_GIVEN = 127, 391
TWO_REFERRALS = 3  # assumed
TRIAGE_CATEGORIES = {
    "Harassment, abuse or intimidation": 31, "Drugs": 17, "Noise": 14, "Cuckooing": 11,
    "Neighbour dispute": 6, "Rough sleeping": 4, "Begging": 3, "Alcohol": 3, "Violence": 3, "Youth ASB": 3,
    "Sex work": 2, "Fly-tipping and waste": 1, "Exploitation": 1, "Other": 1,
}  # fmt: skip
GIVEN_TO_CASES = {"Drugs": 0.16, "Noise": 0.13}
TRIAGE_WARDS = {"St James's": 20, "Vincent Square": 11, "Church Street": 10, "West End": 7}
TRIAGE_LANDLORDS = {
    "Westminster Housing": 19, "Notting Hill Genesis": 5, "Octavia": 5, "Peabody": 5,
    "Other registered provider": 5,
}  # fmt: skip
PRIVATE = {"Private landlord": 18, "Owner occupier": 10, "Not applicable": 14}
PRIORITIES = {"Low": 59, "Medium": 26, "High": 15}
ROLE_KNOWN = 0.45
ROLES = {"Alleged perpetrator": 55, "Victim": 35, "Witness": 10}
REFERRERS = {
    "Police": 30, "Council housing": 22, "Registered landlord": 18, "Resident": 12, "Adult social care": 8,
    "Children's services": 6, "Other": 4,
}  # fmt: skip
MARKERS = {
    "Child": "Vulnerability", "Disability": "Vulnerability", "Mental health": "Vulnerability",
    "Substance misuse": "Vulnerability", "Domestic abuse": "Vulnerability", "None identified": "Both",
    "Weapons": "Risk", "Violence to staff": "Risk", "Repeat victim": "Risk", "Escalating": "Risk",
}  # fmt: skip


def case_categories(
    rng: np.random.Generator, main: np.ndarray, worked_on: np.ndarray, total: int
) -> list[set[str]]:
    """The categories of each case: its main one and others, `total` in the cases worked on."""
    given = [{category} for category in main]
    names = list(TRIAGE_CATEGORIES)

    def add(cases: np.ndarray, goal: int, category: str | None = None) -> None:
        have = sum(len(given[c]) if category is None else category in given[c] for c in cases)
        for case in rng.permutation(np.repeat(cases, 6)):
            name = category or names[rng.integers(len(names))]
            if category is None and name in GIVEN_TO_CASES:
                continue
            if have < goal and name not in given[case]:
                given[case].add(name)
                have += 1

    others = np.setdiff1d(np.arange(len(main)), worked_on)
    for cases, goal in ((worked_on, total), (others, round(3 * len(others)))):
        for category, share in GIVEN_TO_CASES.items():
            add(cases, round(share * goal), category)
        add(cases, goal)
    return given


def triage_persons(rng: np.random.Generator, ground: Ground, role: np.ndarray) -> np.ndarray:
    """Who is referred: most alleged perpetrators are men, and many are under 18."""
    who = np.zeros(len(role), dtype=np.int64)
    offends = role == "Alleged perpetrator"
    sexes, young = exact(rng, int(offends.sum()), {"M": 80, "F": 20}), rng.random(offends.sum()) < 0.45
    pools = ground.people.age("2023-04-01")[ground.alleged], ground.people.sex[ground.alleged]
    picked = np.zeros(int(offends.sum()), dtype=np.int64)
    for sex in ("M", "F"):
        for is_young in (True, False):
            here = (sexes == sex) & (young == is_young)
            met = ground.alleged[(pools[1] == sex) & ((pools[0] < 18) == is_young)][: int(here.sum() * 0.5)]
            ages = (12, 17) if is_young else (18, 60)
            others = ground.people.pick(rng, int(here.sum()) - len(met), age=ages, on="2023-04-01", sex=sex)
            picked[here] = np.append(met, others)
    who[offends] = picked
    near = ground.near(dict.fromkeys(ground.wards, 1))
    who[~offends] = ground.draw(rng, int((~offends).sum()), ground.harmed, 0.35, near, (16, 90))
    return who


def write_triage(out: Deliveries, ground: Ground, seed: int, scale: float) -> np.ndarray:
    """One workbook of referrals, with a sheet that explains the markers.

    Returns everybody who is in it, or lives in a home that is.
    """
    rng = generator(seed, AGENCY, "triage")
    per_year = [scaled(n, scale, 6) for n in REFERRALS]
    n = sum(per_year)
    days = np.concatenate([days_of(rng, year, k) for year, k in enumerate(per_year)])
    refs = numbered("TR{:05d}", n, 30_001)
    # A case has one referral, but for a few that are referred again.
    twice = min(scaled(TWO_REFERRALS, scale), per_year[1] // 4)
    case = np.arange(n)
    case[-twice or n :] = case[n - 2 * twice : n - twice]
    cases = n - twice
    carried = max(0, scaled(CASES_WORKED_ON, scale) - (per_year[1] - twice))
    start = np.datetime64(YEAR_STARTS[1])
    closed = days[:cases] + rng.integers(20, 200, size=cases)
    before = np.flatnonzero(days[:cases] < start)
    late = before[-carried:] if carried else before[:0]
    closed[before] = np.minimum(closed[before], start - 1 - rng.integers(1, 9, size=len(before)))
    closed[before] = np.maximum(closed[before], days[:cases][before])
    closed[late] = start + rng.integers(3, 150, size=len(late))
    still_open = closed >= np.datetime64(ANSWERED)
    worked_on = np.union1d(late, np.flatnonzero(days[:cases] >= start))
    main = np.concatenate([exact(rng, k, TRIAGE_CATEGORIES) for k in (per_year[0], per_year[1])])[:cases]
    given = case_categories(rng, main, worked_on, scaled(CATEGORIES_GIVEN, scale, 3 * len(worked_on)))
    role = drawn(rng, n, ROLES)
    role_known = some(rng, n, ROLE_KNOWN)
    who = triage_persons(rng, ground, role)
    ward = np.concatenate([exact(rng, k, wards_of(ground, TRIAGE_WARDS)) for k in per_year])
    home = ground.homes(rng, ward)
    seen = ground.people.observe(rng, who, "asbteam", table="asb_triage_referral", rows=refs)
    landlord = np.concatenate([exact(rng, k, TRIAGE_LANDLORDS | PRIVATE) for k in per_year])
    social = np.isin(landlord, list(TRIAGE_LANDLORDS))
    unsaid = some(rng, n, 0.55)  # sex and date of birth
    marked = some(rng, n, 0.12), some(rng, n, 0.12)
    risks = drawn(
        rng,
        n,
        {"Repeat victim": 3, "Escalating": 2, "Weapons": 1, "None identified": 2, "Escalating; Weapons": 1},
    )
    vulnerable = drawn(
        rng,
        n,
        {
            "Mental health": 4,
            "Substance misuse": 3,
            "Child": 2,
            "Mental health; Disability": 1,
            "None identified": 2,
        },
    )
    columns = {
        "Referral ID": refs,
        "Referral Date": uk(days),
        "ASB Case ID": numbered("ASB{:05d}", cases, 7001)[case],
        "Case Status": np.where(still_open, "Open", "Closed").astype(object)[case],
        "Case Closed": blank(uk(closed), still_open)[case],
        "Referred By": blank(drawn(rng, n, REFERRERS), rng.random(n) < 0.05),
        "Referral Category": main[case],
        "All Categories": objects("; ".join(sorted(given[c])) for c in case),
        "Priority": np.concatenate([exact(rng, k, PRIORITIES) for k in per_year]),
        "Ward": ward,
        "Social Housing": yes(social),
        "Landlord": landlord,
        "Address": ground.people.address[home],
        "Postcode": ground.people.postcode[home],
        "UPRN": blank(ground.people.uprn[home], rng.random(n) < 0.1),
        "Person ID": seen["reference"],
        **person_columns("Person", seen),
        "Role": blank(role, ~role_known),
        "Risk Markers": blank(risks, ~marked[0]),
        "Vulnerability Markers": blank(vulnerable, ~marked[1]),
        "Outcome": blank(drawn(rng, n, OUTCOMES), still_open[case]),
    }
    for name in ("Person DOB", "Person Gender"):
        columns[name] = blank(columns[name], unsaid)
    table = table_of(columns)
    legend = pa.table({"Marker": pa.array(list(MARKERS)), "Kind": pa.array(list(MARKERS.values()))})
    title = "ASB triage desk referrals October 2021 to September 2023 (synthetic sample)"
    content = workbook({"Referrals": titled(table, (title,)), "Markers": titled(legend)}, merged=1)
    file = out.add(
        "asb_triage_referral", "ASB triage referrals 2021-23.xlsx", content, published=ANSWERED, rows=n
    )
    several = sum(len(categories) > 1 for categories in given)
    what = "cases with several categories, which overlap"
    plant_gap(out, "G038", what, file, "overlapping_categories_are_never_summed", several, "All Categories")
    for fault, column, gap in (
        ("role is seldom said", "Role", "G039"),
        ("risk markers are seldom used", "Risk Markers", "G040"),
        ("vulnerability markers are seldom used", "Vulnerability Markers", "G040"),
        ("sex of the person is known for less than half", "Person Gender", "G125"),
        ("date of birth is known for less than half", "Person DOB", "G125"),
    ):
        plant_gap(out, gap, fault, file, "column_is_filled", table[column].null_count, column)
    return np.union1d(who, home)
