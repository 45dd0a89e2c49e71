"""The consultation of the residents' panel on anti-social behaviour."""

import numpy as np
import pyarrow as pa

from swp.sample.deliveries import Deliveries
from swp.sample.marginals import generator, scaled
from swp.sample.wcc_asb.columns import blank, drawn, exact, numbered, quoted_csv, table_of, uk
from swp.sample.wcc_asb.ground import AGENCY, Ground, wards_of

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
