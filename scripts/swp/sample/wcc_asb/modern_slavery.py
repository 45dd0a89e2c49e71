"""Referrals of modern slavery, and duties to notify."""

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.marginals import generator, scaled
from swp.sample.wcc_asb.columns import blank, days_of, drawn, numbered, quoted_csv, table_of, uk
from swp.sample.wcc_asb.ground import AGENCY, ANSWERED, Ground, plant_gap

SLAVERY = ((19, 2), (24, 3))  # referrals and duties to notify; the year before is assumed
EXPLOITATION = {
    True: {"County lines": 50, "Criminal exploitation": 33, "Sexual exploitation": 17},
    False: {"Labour exploitation": 35, "Sexual exploitation": 25, "Domestic servitude": 20,
            "Criminal exploitation": 20},
}  # fmt: skip


def write_modern_slavery(out: Deliveries, ground: Ground, seed: int, scale: float) -> None:
    """The council's log of modern slavery referrals and duties to notify (adults who do not consent)."""
    rng = generator(seed, AGENCY, "modern slavery")
    days, notified = [], []
    for year, counts in enumerate(SLAVERY):
        kinds = np.repeat([False, True], [scaled(k, scale, 1) for k in counts])
        days.append(days_of(rng, year, len(kinds)))
        notified.append(rng.permutation(kinds))
    days, notified = np.concatenate(days), np.concatenate(notified)
    n = len(days)
    child = ~notified & (rng.random(n) < 0.55)
    kind = np.where(child, drawn(rng, n, EXPLOITATION[True]), drawn(rng, n, EXPLOITATION[False]))
    decision = drawn(rng, n, {"Positive": 80, "Negative": 8, "Pending": 12})
    unsaid = np.arange(n) % 3 == 0
    table = table_of(
        {
            "NRM Ref": numbered("MS{:04d}", n, 101),
            "Date Submitted": uk(days),
            "NRM Or DtN": np.where(notified, "Duty to notify", "NRM").astype(object),
            "Adult Or Child": np.where(child, "Child", "Adult").astype(object),
            "Sex": drawn(rng, n, {"Male": 62, "Female": 38}),
            "Nationality": drawn(rng, n, {"British": 45, "Albanian": 20, "Vietnamese": 12, "Other": 23}),
            "Exploitation Type": blank(kind, unsaid),
            "Submitting Service": np.where(child, "Children's services", "Adult social care").astype(object),
            "Reasonable Grounds": blank(decision, notified),
        }
    )
    file = out.add(
        "nrm_referral",
        "nrm_referrals_2021-10_to_2023-09.csv",
        quoted_csv(table, eol="\n"),
        published=ANSWERED,
        rows=n,
    )
    what = "kind of exploitation is not said of a third"
    plant_gap(out, "G129", what, file, "column_is_filled", int(unsaid.sum()), "Exploitation Type")
