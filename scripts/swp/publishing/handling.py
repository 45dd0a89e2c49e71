"""What becomes of each table of schema `marts` where a profile is under disclosure control."""

import re
from enum import Enum


class Handling(Enum):
    """How a table of marts reaches a profile under disclosure control."""

    FIGURES = "rows of the measure contract: suppressed and rounded by observation_key"
    WIDE = "a view of a mart: made anew from the mart as published"
    COST = "the cost of crime: follows the costed crimes of its area, period and class"
    PLAIN = "holds no count of anything: published as it is"
    INTERNAL = "stays internal: holds persons, places to act on, or counts that nobody has looked at yet"


STATED = (
    (r"mart_r\d\d_\w+", Handling.FIGURES),
    (r"mart_evidence", Handling.FIGURES),
    (r"wide_r\d\d_\w+", Handling.WIDE),
    (r"mart_cost_of_crime", Handling.COST),
    (r"mart_boundaries", Handling.PLAIN),
    (r"list_\w+", Handling.INTERNAL),
    (r"mart_changes", Handling.INTERNAL),
    (r"mart_crime_week", Handling.INTERNAL),
    (r"mart_definition_overlaps", Handling.INTERNAL),
    (r"mart_person_ages", Handling.INTERNAL),
    (r"mart_risk_factors", Handling.INTERNAL),
    (r"mart_strategy_delivery", Handling.INTERNAL),
    (r"mart_ward_profile(s|_summaries)", Handling.INTERNAL),
)


def stated(table: str) -> Handling | None:
    """The handling that is stated for a table of marts; None where nobody has, and then it stays internal."""
    return next((handling for pattern, handling in STATED if re.fullmatch(pattern, table)), None)


# Measures that are no counts of persons or cases, but are worked out of some: what they have to follow.
# Any other measure of money, ranks or numbers of areas is hidden whole until it is named here.
FOLLOWED = {
    "areas_holding_half_of_crime": "areas",
    "areas_under_one_crime_a_day": "areas",
    "concentration_curve": "areas",
    "concentration_rank": "areas",
    "top_areas_share_of_crime": "areas",
    "top_areas_share_of_harm": "areas",
    "cost_of_crime": "cost",
    "cost_share": "cost",
    "cost_component_share": "cost",
    "reoffending_rank": "rate",
}
