"""Registers of the schemes that work with offenders and young people at risk.

The totals and shares are those that the assessment prints (pages beside them); what is not printed is
assumed. The registers are snapshots: the older one knows nothing of what came after it.
"""

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.geography import Geography
from swp.sample.marginals import generator
from swp.sample.offender_schemes.igxu import write_igxu, young_cohorts
from swp.sample.offender_schemes.iom import write_iom
from swp.sample.offender_schemes.probation import write_probation, write_starting_over
from swp.sample.offender_schemes.programmes import write_programmes
from swp.sample.offender_schemes.youth_justice import write_yjs
from swp.sample.people import People


def write(out: Deliveries, geography: Geography, people: People, *, seed: int, scale: float) -> None:
    """Write the deliveries of all offender schemes."""
    iom = write_iom(out, geography, people, seed=seed, scale=scale)
    rng = generator(seed, "young people")
    igxu, yjs = young_cohorts(people, rng, scale)
    in_igxu, in_yjs = np.zeros((2, len(people)), dtype=bool)
    in_igxu[igxu.who] = True
    in_yjs[yjs.who] = True
    write_igxu(out, geography, people, igxu, in_yjs, rng, scale)
    write_yjs(out, geography, people, yjs, in_igxu, rng, scale)
    write_probation(out, geography, people, iom, seed=seed, scale=scale)
    write_starting_over(out, people, iom, seed=seed, scale=scale)
    write_programmes(out, people, seed=seed, scale=scale)
