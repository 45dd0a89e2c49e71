"""The two panels: multi-agency cases and modern slavery."""

import numpy as np
import pyarrow as pa

from swp.sample.deliveries import Deliveries
from swp.sample.marginals import generator, scaled
from swp.sample.wcc_asb.columns import blank, days_of, drawn, exact, numbered, quoted_csv, table_of, uk
from swp.sample.wcc_asb.ground import AGENCY, ANSWERED, Ground, wards_of

RESPONDENTS = 156
HAPPY, UNHAPPY = ("Very satisfied", "Fairly satisfied"), ("Fairly dissatisfied", "Very dissatisfied")
NEITHER = "Neither satisfied nor dissatisfied"
# Question: shares of the answers, and of the respondents to whom it applies (assumed).
ANSWERS = {
    "Q01": (
        1.0,
        {"Very confident": 22, "Fairly confident": 38, "Not very confident": 27, "Not at all confident": 13},
    ),
    "Q02": (0.64, dict(zip((*HAPPY, NEITHER, *UNHAPPY), (8, 18, 27, 27, 20), strict=True))),
    "Q03": (0.5, dict(zip((*HAPPY, NEITHER, *UNHAPPY), (12, 22, 28, 22, 16), strict=True))),
    "Q04": (1.0, {"Yes, a lot": 35, "Yes, some": 47, "No": 14, "Don't know": 4}),
    "Q05": (0.6, dict(zip((*HAPPY, NEITHER, *UNHAPPY), (5, 14, 26, 29, 26), strict=True))),
    "Q06": (0.6, dict(zip((*HAPPY, NEITHER, *UNHAPPY), (10, 24, 26, 22, 18), strict=True))),
}
BANDS = {"16-24": 4, "25-34": 14, "35-44": 18, "45-54": 20, "55-64": 21, "65+": 23, None: 4}


def write_panel(out: Deliveries, ground: Ground, seed: int, scale: float) -> None:
    """The one consultation of 2023: a row for each respondent and question."""
    rng = generator(seed, AGENCY, "panel")
    n = scaled(RESPONDENTS, scale, 20)
    respondent = {
        "Respondent": numbered("P{:05d}", n),
        "Date Answered": uk(np.sort(np.datetime64("2023-05-15") + rng.integers(40, size=n))),
        "Respondent Group": drawn(rng, n, {"Residents' panel": 7, "Community consultation": 3}),
        "Home Ward": blank(drawn(rng, n, wards_of(ground, {})), rng.random(n) < 0.08),
        "Age Group": drawn(rng, n, BANDS),
        "Gender": drawn(rng, n, {"Female": 54, "Male": 42, None: 4}),
        "Ethnic Group": blank(
            drawn(rng, n, {"W1": 55, "W9": 20, "A9": 8, "B2": 6, "M9": 5, "NS": 6}), rng.random(n) < 0.1
        ),
    }
    parts = []
    for question, (applies, shares) in ANSWERS.items():
        answer = np.full(n, "Does not apply", dtype=object)
        asked = rng.permutation(n)[: round(applies * n)]
        answer[asked] = exact(rng, len(asked), shares)
        parts.append(
            table_of(respondent | {"Question No": np.full(n, question, dtype=object), "Answer": answer})
        )
    table = pa.concat_tables(parts)
    table = table.take(pa.array(np.argsort(np.tile(np.arange(n), len(parts)), kind="stable")))
    content = quoted_csv(table, eol="\n")
    out.add(
        "residents_panel_answer",
        "residents_panel_2023.csv",
        content,
        published="2023-08-31",
        rows=table.num_rows,
    )


SLAVERY = ((19, 2), (24, 3))  # referrals and duties to notify; the year before is assumed
EXPLOITATION = {
    True: {"County lines": 45, "Criminal exploitation": 30, "Sexual exploitation": 15, "Not known": 10},
    False: {"Labour exploitation": 35, "Sexual exploitation": 25, "Domestic servitude": 20,
            "Criminal exploitation": 15, "Not known": 5},
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
    table = table_of(
        {
            "NRM Ref": numbered("MS{:04d}", n, 101),
            "Date Submitted": uk(days),
            "NRM Or DtN": np.where(notified, "Duty to notify", "NRM").astype(object),
            "Adult Or Child": np.where(child, "Child", "Adult").astype(object),
            "Sex": drawn(rng, n, {"Male": 62, "Female": 38}),
            "Nationality": drawn(rng, n, {"British": 45, "Albanian": 20, "Vietnamese": 12, "Other": 23}),
            "Exploitation Type": kind,
            "Submitting Service": np.where(child, "Children's services", "Adult social care").astype(object),
            "Reasonable Grounds": blank(decision, notified),
        }
    )
    out.add(
        "nrm_referral",
        "nrm_referrals_2021-10_to_2023-09.csv",
        quoted_csv(table, eol="\n"),
        published=ANSWERED,
        rows=n,
    )
