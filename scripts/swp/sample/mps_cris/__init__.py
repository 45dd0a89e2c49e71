"""Crime reports of the Metropolitan Police (CRIS) with their victims, suspects and accused, a file a year.

The reports are the same invented crimes that the count files add up (`crimes`), a row each, with reports
that are not notifiable beside them. Shares are those that the strategic assessment 2024 prints on p16 to
p24, p49 to p52, p61 to p90 and in its appendix 5; what it does not print is assumed.
"""

import numpy as np

from swp.sample.blocks import Block
from swp.sample.crimes import Crimes
from swp.sample.deliveries import Deliveries
from swp.sample.marginals import Marginals, generator
from swp.sample.mps_cris.accused import AccusedFile, draw_accused
from swp.sample.mps_cris.basics import AGENCY, YEARS, Year
from swp.sample.mps_cris.crimes import CrimeFile
from swp.sample.mps_cris.reports import draw_reports
from swp.sample.mps_cris.suspects import SuspectFile
from swp.sample.mps_cris.victims import VictimFile, draw_victims
from swp.sample.people import People, Populations


class Files:
    """The four files of one year."""

    def __init__(self, out: Deliveries, year: Year):
        self.year = year
        self.crimes, self.victims = CrimeFile(out, year), VictimFile(out, year)
        self.suspects, self.accused = SuspectFile(out, year), AccusedFile(out, year)

    def end(self) -> None:
        for file in (self.crimes, self.victims, self.suspects, self.accused):
            file.end()


def write(
    out: Deliveries,
    borough: Crimes,
    populations: Populations,
    marginals: Marginals,
    *,
    seed: int,
    blocks: list[Block],
) -> None:
    """Write the four files of each of the two years, and note in `populations` whose rows are whose."""
    years = [Files(out, year) for year in YEARS]
    for block in blocks:
        if block.of > 1:
            out.tell(f"{AGENCY}: block {block.number + 1} of {block.of}")
        write_block(years, borough.part(block, seed), populations.of(block), marginals, seed, block)
    for files in years:
        files.end()


def write_block(
    years: list[Files], borough: Crimes, people: People, marginals: Marginals, seed: int, block: Block
) -> None:
    """Add the rows of one block to the files."""
    seen_before: dict[int, np.datetime64] = {}
    for files in years:
        reports = draw_reports(borough, marginals, files.year, seed, block)
        rng = generator(seed, AGENCY, "people", files.year.period, *block.names)
        files.crimes.add(borough, reports, seed, block)
        victims = draw_victims(borough, people, reports, rng)
        partners = files.victims.add(victims, people, rng, seen_before, block)
        offenders = draw_accused(people, reports, partners, rng)
        files.suspects.add(people, reports, partners, offenders, rng, block)
        files.accused.add(people, reports, offenders, rng, block)
