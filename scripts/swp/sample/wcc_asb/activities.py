"""Activities of the neighbourhood coordinators."""

import numpy as np
import pyarrow as pa

from swp.sample.deliveries import Deliveries
from swp.sample.marginals import generator, scaled
from swp.sample.wcc_asb.columns import blank, days_of, drawn, exact, numbered, quoted_csv, table_of, uk
from swp.sample.wcc_asb.ground import AGENCY, ANSWERED, Ground

ACTIVITIES = (2_450, 2_600)  # assumed
PROBLEM_SOLVING = 0.35
# In order: the sex industry is the fourth in problem solving, theft and robbery a large part of it.
PROBLEMS = {
    "Street cleanliness and waste": 25, "Theft and robbery": 15, "Pedicabs": 13, "Sex industry": 10,
    "Aggressive begging": 9, "Street population": 8, "Noise": 7, "Drugs": 6, "Licensed premises": 4,
    "Youth ASB": 2, "Other": 1,
}  # fmt: skip
WORK = {"Street cleanliness and waste": 35, "Community engagement": 25, "Crime prevention": 14, "Noise": 8,
        "Pedicabs": 5, "Aggressive begging": 4, "Street population": 4, "Other": 5}  # fmt: skip
MISSING_MONTH = "2022-05"


def write_activities(out: Deliveries, ground: Ground, seed: int, scale: float) -> None:
    """The work of the neighbourhood co-ordinators, a file a year; one month was never sent."""
    rng = generator(seed, AGENCY, "neighbourhood")
    every = dict.fromkeys(sorted(ground.wards), 1.0)
    west_end = every | {"West End": 24, "St James's": 24}
    number = 1
    for year, total in enumerate(ACTIVITIES):
        n = scaled(total, scale, 48)
        days = days_of(rng, year, n)
        solving = rng.random(n) < PROBLEM_SOLVING
        issue = np.empty(n, dtype=object)
        issue[solving] = exact(rng, int(solving.sum()), PROBLEMS)
        issue[~solving] = exact(rng, int((~solving).sum()), WORK)
        central = np.isin(issue, ("Pedicabs", "Aggressive begging", "Street population", "Sex industry"))
        table = table_of(
            {
                "Activity Ref": numbered("NC{:06d}", n, number),
                "Activity Date": uk(days),
                "Activity Type": np.where(solving, "Problem solving", "Activity").astype(object),
                "Issue": issue,
                "Activity Ward": np.where(central, drawn(rng, n, west_end), drawn(rng, n, every)),
                "Partners Involved": drawn(
                    rng, n, {"Police": 3, "Police; Licensing": 1, "Waste team": 3, None: 4}
                ),
                "Hours": drawn(rng, n, {"0.5": 3, "1": 5, "1.5": 2, "2": 3, "4": 1}),
                "Progress": blank(
                    drawn(rng, n, {"Solved": 4, "Open": 3, "Recurring": 3}), ~solving & (rng.random(n) < 0.4)
                ),
            }
        )
        number += n
        gone = days.astype("M8[M]") == np.datetime64(MISSING_MONTH, "M")
        table = table.filter(pa.array(~gone))
        name = f"neighbourhood_coordinators_{('2021-22', '2022-23')[year]}.csv"
        content = quoted_csv(table, eol="\n")
        file = out.add("neighbourhood_activity", name, content, published=ANSWERED, rows=table.num_rows)
        out.plant("a month that was not sent", file, "month_is_missing", rows=int(gone.sum()),
                  column="Activity Date", month=MISSING_MONTH)  # fmt: skip
