"""Synthetic deliveries in the published layouts: nothing in them is a real record.

A file is laid out as its publisher lays it out; what stands in it is drawn from the marginals of
marginals.csv by a seeded generator, on invented ground, with faults planted and listed. The same seed and
scale give the same bytes. There is a module to an agency: a further one is a module and a line in `write`.
"""

from collections.abc import Callable
from pathlib import Path

from swp.errors import WrongUse
from swp.sample import (
    childrens_services,
    community_safety,
    crimes,
    domestic_abuse,
    health,
    home_office,
    homelessness,
    justice,
    lfb,
    marginals,
    mhclg,
    mopac,
    mps,
    mps_asb,
    mps_cris,
    mps_dashboard,
    offender_schemes,
    ons,
    police_uk,
    reference_costs,
    rsl,
    safestats,
    surveys,
    wcc_asb,
)
from swp.sample.blocks import BLOCK, blocks_of
from swp.sample.deliveries import Deliveries, Manifest
from swp.sample.geography import Geography
from swp.sample.people import Populations
from swp.sample.register import registered_gaps
from swp.sample.truth import Truth

__all__ = ["Manifest", "write"]

SMALLEST, LARGEST = 0.01, 100


def write(
    folder: Path,
    *,
    seed: int = 2024,
    scale: float = 1.0,
    truth: Path | None = None,
    block: float = BLOCK,
    progress: Callable[[str], None] | None = None,
) -> Manifest:
    """Write the sample deliveries into `folder`/<source>/ and the manifest, last, beside them.

    `scale` multiplies the number of records (1 is the borough's true size; areas, months and population
    stay whole). `truth` is a folder for the true persons behind the records (person_links.parquet), apart
    from the deliveries. A scale above `block` is generated in blocks of at most that scale, which keeps the
    memory that it takes at some 4 GB. `progress` is called with each file's path within `folder` when it is
    there, and with the number of each block. Raises `WrongUse` for a scale outside 0.01 to 100.
    """
    if not SMALLEST <= scale <= LARGEST:
        raise WrongUse(f"The scale of the sample is {scale}: choose one between {SMALLEST} and {LARGEST}.")
    out = Deliveries(Path(folder), seed, scale, progress)
    geography, known = Geography.from_seeds(), marginals.load()
    borough = crimes.draw(geography, known, seed=seed, scale=scale)
    ons.write(out, geography, known, seed=seed)
    mhclg.write(out, geography, seed=seed)
    mps.write(out, borough, known, seed=seed, scale=scale)
    police_uk.write(out, borough, known, seed=seed, scale=scale)
    lfb.write(out, geography, known, seed=seed, scale=scale)
    mps_dashboard.write(out, borough, known, seed=seed, scale=scale)
    home_office.write(out, borough, seed=seed, scale=scale)
    safestats.write(out, geography, known, seed=seed, scale=scale)
    health.write(out, geography, known, seed=seed, scale=scale)
    surveys.write(out, geography, seed=seed, scale=scale)
    for published in (mopac, justice, reference_costs, community_safety):
        published.write(out, seed=seed)

    # The same people recur in and across agencies; who is who is written apart and never delivered.
    # The reports of each block have people of their own; the other agencies meet those of the first.
    links, blocks = Truth(truth), blocks_of(scale, block)
    populations = Populations(seed, links)
    mps_cris.write(out, borough, populations, known, seed=seed, blocks=blocks)
    people = populations.of(blocks[0])
    mps_asb.write(out, borough, people, seed=seed, scale=scale)
    homelessness.write(out, geography, known, people, seed=seed, scale=scale)
    wcc_asb.write(out, geography, people, seed=seed, blocks=blocks)
    for agency in (rsl, offender_schemes, domestic_abuse, childrens_services):
        agency.write(out, geography, people, seed=seed, scale=scale)
    if truth:
        links.write(truth)

    out.manifest.registered_gaps += registered_gaps(out.manifest)
    return out.finish()
