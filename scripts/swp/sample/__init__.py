"""Synthetic deliveries in the published layouts: nothing in them is a real record.

A file is laid out as its publisher lays it out; what stands in it is drawn from the marginals of
marginals.csv by a seeded generator, on invented ground, with faults planted and listed. The same seed and
scale give the same bytes. There is a module to an agency: a further one is a module and a line in `write`.
"""

from collections.abc import Callable
from pathlib import Path

from swp.errors import WrongUse
from swp.sample import crimes, lfb, marginals, mhclg, mps, ons, police_uk
from swp.sample.deliveries import Deliveries, Manifest
from swp.sample.geography import Geography

__all__ = ["Manifest", "write"]

SMALLEST, LARGEST = 0.01, 100


def write(
    folder: Path,
    *,
    seed: int = 2024,
    scale: float = 1.0,
    progress: Callable[[str], None] | None = None,
) -> Manifest:
    """Write the sample deliveries into `folder`/<source>/ and the manifest, last, beside them.

    `scale` multiplies the number of records (1 is the borough's true size; areas, months and population
    stay whole). `progress` is called with each file's path within `folder` when it is there. Raises
    `WrongUse` for a scale outside 0.01 to 100.
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
    return out.finish()
