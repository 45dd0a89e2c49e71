"""The partnership's own tracker: the actions of its strategy, reported every quarter.

The layout is assumed. The number of actions and their ratings at the end are those of the strategic
assessment 2024, p103 to 111; the wording is ours. The scale changes nothing.
"""

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.marginals import generator
from swp.sample.registers import published_after
from swp.sample.wcc_asb.columns import quoted_csv, table_of

SOURCE = "strategy_action"
STRATEGY = "2020/23"
REPORTS = (
    "2021-12-31", "2022-03-31", "2022-06-30", "2022-09-30",
    "2022-12-31", "2023-03-31", "2023-06-30", "2023-09-30",
)  # fmt: skip
# Ratings at the last report, worst first; each action came up to its own from red, a step at a time.
AT_LAST = {"R": 2, "A": 13, "G": 30, "Complete": 2}
RATINGS = tuple(AT_LAST)
# Priority, its owners, and what each of its actions is about.
PRIORITIES = (
    (
        "Protecting the most vulnerable",
        ("VAWG Strategic Partnership", "Serious Youth Violence Reduction Board",
         "Vulnerable Adults Task Group", "Early Intervention Youth Partnership", "ASB Team"),
        ("support for victims of abuse", "referral pathways", "a victim centred approach",
         "the needs assessment", "evidence on hate crime", "a public health approach",
         "support for young victims", "the yearly review", "inclusion in schools",
         "a pilot in one ward", "work with residents", "policies on exploitation",
         "the evidence of what works", "the response to new trends", "messages on scams"),
    ),
    (
        "Reducing re-offending",
        ("Central West Offender Board", "Rough Sleeping Team", "Council Communications Team"),
        ("a campaign on drugs", "entry into treatment", "training and work", "offenders who sleep rough",
         "support for the most prolific", "the choice of the cohort", "accommodation on release",
         "cross-border offending", "services for 18 to 25s", "good practice elsewhere"),
    ),
    (
        "A safer West End",
        ("Strategic West End Crime Reduction Group", "Licensing Policy Team"),
        ("intelligence on licensed premises", "the licensing charter", "the cumulative impact assessment",
         "the street pastors", "safe nights out", "patterns of crime", "joint operations",
         "early reports of theft", "sharing of information"),
    ),
    (
        "Counter terrorism",
        ("Prevent Board", "Protect Partnership Working Group", "Borough Resilience Forum",
         "Metropolitan Police Service"),
        ("community projects", "institutions at risk", "links with communities", "protective measures",
         "security schemes", "awareness of staff", "assessments of places", "voluntary groups",
         "ready businesses", "large events"),
    ),
    (
        "Communication",
        ("Council Communications Team", "Community Safety Team"),
        ("a forum for messages", "an engagement strategy", "the neighbourhood board"),
    ),
)  # fmt: skip
VERBS = ("Review", "Commission", "Agree", "Develop")


def write(out: Deliveries, *, seed: int) -> None:
    """Write the reports on every action, a file a quarter; one action has no owner, and some no due day."""
    rng = generator(seed, "community_safety", "strategy")
    actions = [
        (priority, owners[place % len(owners)], f"{VERBS[place % len(VERBS)]} {about}")
        for priority, owners, subjects in PRIORITIES
        for place, about in enumerate(subjects)
    ]
    last = rng.permutation(np.repeat(np.arange(len(RATINGS)), list(AT_LAST.values())))
    # How many reports before the last one each step up was taken.
    steps = rng.integers(1, len(REPORTS), (len(actions), len(RATINGS)))
    due = rng.choice(["31/03/2022", "31/03/2023", "31/03/2024"], len(actions))
    undated = rng.permutation(len(actions))[:9]
    for report, day in enumerate(REPORTS):
        before_last = len(REPORTS) - 1 - report
        rows = [
            {
                "Action Ref": f"A{number + 1:02d}",
                "Reported On": f"{day[8:]}/{day[5:7]}/{day[:4]}",
                "Strategy": STRATEGY,
                "Priority": priority,
                "Objective": None,
                "Action": action,
                "Owner": None if number == 4 else owner,
                "Due": None if number in undated else due[number],
                "RAG": RATINGS[max(0, last[number] - int((steps[number] <= before_last).sum()))],
                "Progress": "Reported to the partnership." if rng.random() < 0.8 else None,
            }
            for number, (priority, owner, action) in enumerate(actions)
        ]
        columns = {name: np.array([row[name] for row in rows], dtype=object) for name in rows[0]}
        content = quoted_csv(table_of(columns), eol="\n")
        published = published_after(day, 30)
        out.add(SOURCE, f"strategy_actions_{day[:7]}.csv", content, published=published, rows=len(rows))
