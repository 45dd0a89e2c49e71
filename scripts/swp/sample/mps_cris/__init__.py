"""Crime reports of the Metropolitan Police (CRIS) with their victims, suspects and accused, a file a year.

The reports are the same invented crimes that the count files add up (`crimes`), a row each, with reports
that are not notifiable beside them. Shares are those that the strategic assessment 2024 prints on p16 to
p24, p49 to p52, p61 to p90 and in its appendix 5; what it does not print is assumed.
"""

import numpy as np

from swp.sample.crimes import Crimes
from swp.sample.deliveries import Deliveries
from swp.sample.marginals import Marginals, generator
from swp.sample.mps_cris.accused import draw_accused, write_accused
from swp.sample.mps_cris.basics import AGENCY, YEARS
from swp.sample.mps_cris.crimes import write_crimes
from swp.sample.mps_cris.reports import draw_reports
from swp.sample.mps_cris.suspects import write_suspects
from swp.sample.mps_cris.victims import draw_victims
from swp.sample.people import People


def write(
    out: Deliveries, borough: Crimes, people: People, marginals: Marginals, *, seed: int, scale: float
) -> None:
    """Write the four files of each of the two years, and note in `people` whose rows are whose."""
    years = [draw_reports(borough, marginals, year, seed, scale) for year in YEARS]
    seen_before: dict[int, np.datetime64] = {}
    for reports in years:
        rng = generator(seed, AGENCY, "people", reports.year.period)
        write_crimes(out, borough, reports, seed, scale)
        victims = draw_victims(borough, people, reports, rng)
        partners = victims.write(out, people, rng, seen_before, scale)
        offenders = draw_accused(people, reports, partners, rng)
        write_suspects(out, people, reports, partners, offenders, rng, scale)
        write_accused(out, people, reports, offenders, rng, scale)
