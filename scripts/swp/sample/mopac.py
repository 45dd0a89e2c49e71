"""Dashboards of the Mayor's Office for Policing and Crime; victim services by borough are never supplied.

The layout is assumed. Values of the last quarter are those of the strategic assessment 2024 (p19, p26, p51,
p62, p71, p75, p81); the quarters before are assumed.
"""

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.geography import HOME
from swp.sample.health import uk_date
from swp.sample.marginals import generator
from swp.sample.ons import rows_of

DASHBOARD, SERVICES = "mopac_dashboard_indicator", "mopac_victim_services"
HEADER = (
    "Dashboard,MOPAC Indicator,MOPAC Area Type,MOPAC Area,MOPAC Quarter End,Indicator Value,Indicator Unit,"
    "Target,Indicator Base"
)
QUARTER_ENDS = (
    "2021-12-31", "2022-03-31", "2022-06-30", "2022-09-30", "2022-12-31", "2023-03-31", "2023-06-30",
    "2023-09-30",
)  # fmt: skip
LONDON = ("London", "London")
# Dashboard, indicator, area type and area, value in the last quarter, unit, target, base.
INDICATORS = (
    ("Offender management", "Reoffending rate of the IOM cohort", "Borough", HOME[1], 24, "percent", "", 51),
    ("Offender management", "Reoffending rate of the IOM cohort", *LONDON, 30, "percent", "", 2600),
    ("Violence", "Domestic abuse perpetrators who are repeat offenders", *LONDON, 25, "percent", "", 14_000),
    ("Violence", "Sexual violence perpetrators who are repeat offenders", *LONDON, 10, "percent", "", 5200),
    ("Victims", "LVWS: vulnerable victims who take up support", *LONDON, 27, "percent", 25, 9300),
    ("Violence", "London Gang Exit: reduced offending", *LONDON, 81, "percent", 70, 129),
    ("Violence", "London Gang Exit: reduced harm or vulnerability", *LONDON, 78, "percent", 65, 129),
    ("Violence", "London Gang Exit: young people supported", *LONDON, 129, "persons", "", ""),
    ("Violence", "Rescue and Response: young people supported", *LONDON, 111, "persons", "", ""),
    (
        "Violence",
        "Rescue and Response: reduced or ceased county lines involvement",
        *LONDON,
        75,
        "percent",
        "",
        111,
    ),
    ("Violence", "Empower: young people supported", *LONDON, 57, "persons", "", ""),
    ("Violence", "Schools toolkit: teachers with increased confidence", *LONDON, 89, "percent", 70, 240),
    ("Hate crime", "CATCH: victims supported", *LONDON, 1467, "persons", "", ""),
    ("Hate crime", "CATCH: victims satisfied", *LONDON, 95, "percent", "", 310),
)
# What is published for London only, though the borough needs it.
LONDON_ONLY = {
    "G078": "Domestic abuse perpetrators who are repeat offenders",
    "G003": "LVWS: vulnerable victims who take up support",
}


def write(out: Deliveries, *, seed: int) -> None:
    """Write eight quarters of dashboard indicators, and note the delivery that never came."""
    for end in QUARTER_ENDS:
        rng = generator(seed, "mopac dashboards", end)
        is_last = end == QUARTER_ENDS[-1]
        rows = []
        for dashboard, indicator, kind, area, value, unit, target, base in INDICATORS:
            if not is_last:
                value = round(value * rng.uniform(0.9, 1.1))
                value = min(value, 99) if unit == "percent" else value
            rows.append(
                [dashboard, indicator, kind, area, uk_date(np.datetime64(end)), value, unit, target, base]
            )
        published = str(np.datetime64(end) + 60)
        path = out.add(
            DASHBOARD,
            f"mopac_dashboard_{end}.csv",
            rows_of(HEADER, rows),
            published=published,
            rows=len(rows),
        )
        out.plant(
            "G112: no indicator is published by ward",
            path,
            "column_is_delivered",
            rows=len(rows),
            column="MOPAC Ward Code",
        )
        if is_last:
            for gap, indicator in LONDON_ONLY.items():
                out.plant(
                    f"{gap}: published for London only: {indicator}",
                    path,
                    "area_not_supplied",
                    rows=1,
                    column="MOPAC Area",
                    month=end[:7],
                )
    out.plant(
        "G003, G015: performance of victim services by borough never came",
        f"{SERVICES}/",
        "delivery_never_received",
        rows=1,
    )
    out.plant(
        "G118: male survivors referred never came",
        f"{SERVICES}/",
        "delivery_never_received",
        rows=1,
        column="Male Survivors Referred",
    )
