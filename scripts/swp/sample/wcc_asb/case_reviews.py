"""Applications for a case review, and complaints that go with them."""

from typing import NamedTuple

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.faults import broken_count
from swp.sample.marginals import generator, scaled
from swp.sample.people import OTHER_LONDON, WESTMINSTER
from swp.sample.registers import plant_blank
from swp.sample.wcc_asb.columns import (
    blank,
    days_of,
    drawn,
    exact,
    numbered,
    objects,
    person_columns,
    set_cells,
    some,
    table_of,
)
from swp.sample.wcc_asb.ground import AGENCY, ANSWERED, STOCK, Ground, plant_gap
from swp.sample.workbooks import notes, titled, workbook

APPLICATIONS = (31, 80)  # the year before is assumed: a great increase
# Shares of the 80: 44 are printed as upheld, the rest is assumed among the printed reasons.
DECISIONS = {"Upheld": 44, "Below threshold": 14, "Outside Westminster": 8, "Duplicate application": 7,
             "Withdrawn by applicant": 7}  # fmt: skip
REVIEW_LANDLORDS = {
    "Westminster Housing": 42, "Peabody": 5, "Notting Hill Genesis": 5, "Octavia": 2,
    "Other registered provider": 10, "Private landlord": 9, "Owner occupier": 7,
}  # fmt: skip
ISSUES = {"Noise": 40, "Harassment, abuse or intimidation": 25, "Drugs": 18, "Misuse of communal areas": 12,
          "Neighbour dispute": 5}  # fmt: skip
COMPLAINED_TO = {"Registered landlord": 20, "Council housing": 35, "Council noise service": 22, "Police": 18,
                 "Councillor or MP": 5}  # fmt: skip
LOCAL_CRITERIA = 0.1  # of those upheld, by criteria wider than the statute's (assumed)


def write_case_reviews(
    out: Deliveries, ground: Ground, referred: np.ndarray, seed: int, scale: float
) -> None:
    """Applications and their complaints, a workbook each, with Excel dates.

    None of the applicants, nor of their homes, is known to the triage desk.
    """
    rng = generator(seed, AGENCY, "case reviews")
    per_year = [scaled(n, scale, 8) for n in APPLICATIONS]
    n = sum(per_year)
    days = np.concatenate([days_of(rng, year, k) for year, k in enumerate(per_year)])
    kind = np.concatenate([exact(rng, k, DECISIONS) for k in per_year])
    refs = numbered("CR{:05d}", n, 401)
    near = ground.near(STOCK)
    known = np.isin(ground.people.household, ground.people.household[referred])
    near[known] = 0
    who = ground.people.pick(rng, n, age=(20, 90), residence=WESTMINSTER, weight=near)
    met = ground.harmed[~known[ground.harmed]][: round(0.3 * n)]
    who[rng.permutation(n)[: len(met)]] = met
    elsewhere = kind == "Outside Westminster"
    who[elsewhere] = ground.people.pick(rng, int(elsewhere.sum()), age=(20, 90), residence=OTHER_LONDON)
    # One that repeats another has the person and the complaints of the one before it.
    like = np.arange(n)
    for at in np.flatnonzero((kind == "Duplicate application") & (like > 0)):
        like[at] = like[at - 1]
    who = who[like]
    seen = ground.people.observe(rng, who, "casereview", table="asb_case_review", rows=refs)
    upheld = kind == "Upheld"
    statutory = upheld & (rng.random(n) >= LOCAL_CRITERIA)
    decided = days + rng.integers(10, 75, size=n)
    held = decided + rng.integers(14, 60, size=n)
    number = np.select(
        [statutory, upheld, kind == "Below threshold"],
        [rng.integers(3, 9, size=n), rng.integers(3, 5, size=n), rng.integers(1, 4, size=n)],
        rng.integers(2, 6, size=n),
    )[like]
    unreviewed = np.zeros(n, dtype=bool)
    unreviewed[upheld] = some(rng, int(upheld.sum()), 0.55)
    iso = np.datetime_as_string
    columns = {
        "Application Ref": refs,
        "Application Date": iso(days).astype(object),
        "Applicant ID": seen["reference"],
        **person_columns("Applicant", seen),
        "Address": seen["address"],
        "Postcode": seen["postcode"],
        "UPRN": seen["uprn"],
        "Ward": ground.named(seen["ward_code"]),
        "Landlord": np.concatenate([exact(rng, k, REVIEW_LANDLORDS) for k in per_year]),
        "Main Issue": blank(drawn(rng, n, ISSUES), some(rng, n, 0.55)),
        "Complaints Stated": objects(str(k) for k in number),
        "Decision": np.where(upheld, "Upheld", "Not upheld").astype(object),
        "Reason Not Upheld": blank(kind, upheld),
        "Decision Date": iso(decided).astype(object),
        "Known To ASB Team": np.full(n, "No", dtype=object),
        "Review Date": blank(iso(held).astype(object), ~upheld | unreviewed),
    }
    columns["Applicant DOB"] = seen["birth_date"]
    silent = rng.permutation(np.flatnonzero(~upheld))[: max(1, round(0.25 * (~upheld).sum()))]
    columns["Reason Not Upheld"][silent] = None
    table = table_of(columns)
    dates = ("Application Date", "Applicant DOB", "Decision Date", "Review Date")
    title = "ASB case review applications (synthetic sample)"
    file = out.add(
        "asb_case_review",
        "ASB case review applications 2021-23.xlsx",
        workbook({"Applications": titled(table, (title,), dates), "Read me": notes("case review")}, merged=1),
        published=ANSWERED,
        rows=n,
    )
    for fault, column, gap in (
        ("no link to the cases of the triage desk", "ASB Team Case ID", "G044"),
        ("whether the local or the statutory criteria were met is not said", "Threshold Basis", "G045"),
        ("recommendations are not recorded, but must be returned", "Recommendations Made", "G046"),
    ):
        plant_gap(out, gap, fault, file, "column_is_delivered", n, column)
    for fault, column, rows, gap in (
        ("long disputes are put under no issue", "Main Issue", table["Main Issue"].null_count, "G041"),
        ("reason is not said of each application that failed", "Reason Not Upheld", len(silent), "G042"),
        (
            "day of the review is seldom recorded",
            "Review Date",
            int(unreviewed.sum()),
            "G046",
        ),
    ):
        plant_gap(out, gap, fault, file, "column_is_filled", rows, column)
    what = "applicants from outside have no ward, also where the reason is not said"
    outside = int((columns["Reason Not Upheld"] == "Outside Westminster").sum())
    plant_blank(out, None, what, file, "asb_case_review", "ward_name", table, excused=outside)
    kind, statutory, days = (column[like] for column in (kind, statutory, days))
    write_complaints(out, rng, scale, refs, Applications(days, kind, statutory, number, like))


class Applications(NamedTuple):
    """What the complaints depend on; `like` is the application whose complaints each one has."""

    day: np.ndarray
    kind: np.ndarray
    statutory: np.ndarray
    number: np.ndarray
    like: np.ndarray


def write_complaints(
    out: Deliveries, rng: np.random.Generator, scale: float, refs: np.ndarray, of: Applications
) -> None:
    """The complaints that each application rests on, of which some do not qualify."""
    n, first = len(refs), np.cumsum(of.number) - of.number
    app = np.repeat(np.arange(n), of.number)
    place = np.arange(len(app)) - first[app]
    ago = rng.integers(3, 150, size=len(app))
    delay = rng.integers(0, 22, size=len(app))
    # A complaint does not qualify if it is older than six months, or was made more than a month after.
    below = of.kind[app] == "Below threshold"
    too_old = (((of.kind[app] == "Upheld") & ~of.statutory[app]) | below) & (place >= 2)
    ago = np.where(too_old, rng.integers(200, 400, size=len(app)), ago)
    delay = np.where(below & (place == 1), rng.integers(40, 120, size=len(app)), delay)
    made = of.day[app] - ago
    behaviour = np.datetime_as_string(made - delay).astype(object)
    behaviour[rng.random(len(app)) < 0.08] = None
    same = first[of.like[app]] + place
    made, behaviour = made[same], behaviour[same]
    columns = {
        "Application Ref": refs[app],
        "Complaint No": objects(str(k + 1) for k in place),
        "Date Of Behaviour": behaviour,
        "Date Of Complaint": np.datetime_as_string(made).astype(object),
        "Complained To": drawn(rng, len(app), COMPLAINED_TO)[same],
        "Their Ref": blank(numbered("X{:06d}", len(app)), rng.random(len(app)) < 0.5)[same],
        "Behaviour": drawn(rng, len(app), ISSUES)[same],
    }
    table = table_of(columns)
    vague = broken_count(scale, len(app), 2)
    table = set_cells(table, "Date Of Behaviour", vague, "last summer") if vague else table
    rows = titled(table, dates=("Date Of Behaviour", "Date Of Complaint"))
    file = out.add(
        "asb_case_review_complaint",
        "ASB case review complaints 2021-23.xlsx",
        workbook({"Complaints": rows, "Read me": notes("case review")}),
        published=ANSWERED,
        rows=table.num_rows,
    )
    out.plant("date in words among Excel dates", file, "values_parse", rows=vague, column="Date Of Behaviour")
