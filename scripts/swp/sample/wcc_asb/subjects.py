"""People in the multi-agency case system (E-CINS)."""

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.marginals import generator, scaled
from swp.sample.wcc_asb.columns import (
    blank,
    days_of,
    drawn,
    numbered,
    person_columns,
    quoted_csv,
    some,
    table_of,
    uk,
)
from swp.sample.wcc_asb.ground import AGENCY, ANSWERED, STOCK, Ground, plant_gap

SUBJECTS = (84, 96)  # assumed
SUBJECT_TYPES = {"Drugs": 25, "Cuckooing": 18, "Harassment, abuse or intimidation": 20, "Youth ASB": 15,
                 "Noise": 10, "Exploitation": 7, "Other": 5}  # fmt: skip


def write_subjects(out: Deliveries, ground: Ground, seed: int, scale: float) -> None:
    """People in the multi-agency system: names and little else, in the encoding of an old export."""
    rng = generator(seed, AGENCY, "e-cins")
    n = [scaled(k, scale, 6) for k in SUBJECTS]
    days = np.concatenate([days_of(rng, year, k) for year, k in enumerate(n)])
    n = sum(n)
    near = ground.near(STOCK)
    alleged = rng.random(n) < 0.75
    who = np.zeros(n, dtype=np.int64)
    who[alleged] = ground.draw(rng, int(alleged.sum()), ground.alleged, 0.7, near, (13, 60))
    who[~alleged] = ground.draw(rng, int((~alleged).sum()), ground.harmed, 0.5, near, (16, 85))
    # A case has one to three people.
    case = np.cumsum(rng.random(n) < 0.65)
    cases = numbered("EC{:05d}", int(case.max()) + 1, 1201)[case]
    seen = ground.people.observe(rng, who, "ecins", table="ecins_subject", rows=cases)
    people = person_columns("Subject", seen)
    del people["Subject Gender"]
    closed = days + rng.integers(60, 400, size=n)
    role = np.where(alleged, "Alleged perpetrator", "Victim").astype(object)
    table = table_of(
        {
            "Profile ID": seen["reference"],
            "E-CINS Case": cases,
            "Date Added": uk(days),
            "Case Type": drawn(rng, n, SUBJECT_TYPES),
            "Lead Agency": drawn(rng, n, {"Council ASB team": 6, "Police": 3, "Council housing": 1}),
            "Subject Role": blank(role, some(rng, n, 0.6)),
            **people,
            "Subject Address": seen["address"],
            "Subject Postcode": seen["postcode"],
            "Subject Ward": ground.named(seen["ward_code"]),
            "Date Closed": blank(uk(closed), closed >= np.datetime64(ANSWERED)),
        }
    )
    content = quoted_csv(table, encoding="cp1252")
    file = out.add(
        "ecins_subject", "ecins_subjects_2021-10_to_2023-09.csv", content, published=ANSWERED, rows=n
    )
    out.plant_encoding(file, is_plain=content.isascii())
    for column in ("Subject Gender", "Subject Ethnicity", "Risk", "Vulnerability"):
        plant_gap(out, "G104", "little is recorded of the people", file, "column_is_delivered", n, column)
    unsaid = table["Subject Role"].null_count
    plant_gap(out, "G104", "role is seldom said", file, "column_is_filled", unsaid, "Subject Role")
