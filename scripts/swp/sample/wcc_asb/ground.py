"""The population as the council meets it: wards, homes, and who complains of whom."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.geography import Geography
from swp.sample.marginals import generator, scaled
from swp.sample.people import WESTMINSTER, People
from swp.sample.wcc_asb.columns import exact, objects

AGENCY = "wcc_asb"
# When the council answered the request for two years.
ANSWERED = "2023-10-16"
# Where the council's homes are (assumed: the north west and the south of the borough).
STOCK = {
    "Queen's Park": 13, "Harrow Road": 12, "Westbourne": 11, "Church Street": 14, "Pimlico South": 11,
    "Vincent Square": 9, "Pimlico North": 6, "Little Venice": 5, "Maida Vale": 4, "St James's": 3,
    "Bayswater": 3, "West End": 2, "Abbey Road": 2, "Regent's Park": 2, "Lancaster Gate": 1,
    "Hyde Park": 1, "Marylebone": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """The population with its wards, and the people whom several services meet."""

    people: People
    ward_names: dict[str, str]
    ward: np.ndarray  # place of each person's ward in `wards`; -1 for those who live elsewhere
    harmed: np.ndarray
    alleged: np.ndarray

    @classmethod
    def of(cls, people: People, geography: Geography, seed: int, scale: float) -> "Ground":
        places = {code: at for at, code in enumerate(sorted(geography.ward_names))}
        ward = np.array([places.get(code, -1) for code in people.ward_code])
        ground = cls(people, geography.ward_names, ward, np.empty(0, int), np.empty(0, int))
        rng = generator(seed, AGENCY, "people met by several services")
        near = ground.near(STOCK)
        harmed, alleged = (
            people.pick(rng, scaled(n, scale, 40), age=ages, residence=WESTMINSTER, weight=near)
            for n, ages in ((500, (20, 85)), (420, (13, 60)))
        )
        return replace(ground, harmed=harmed, alleged=alleged)

    @cached_property
    def wards(self) -> list[str]:
        """Names of the wards, in the order of their codes."""
        return [self.ward_names[code] for code in sorted(self.ward_names)]

    @cached_property
    def householders(self) -> np.ndarray:
        """One person of each household in the borough."""
        household = self.people.household
        first = np.full(household.max() + 1, -1)
        inside = np.flatnonzero(self.ward >= 0)
        first[household[inside][::-1]] = inside[::-1]
        return first[first >= 0]

    def near(self, shares: dict[str, float]) -> np.ndarray:
        """A chance for each person, so that the wards get their shares; 0 in other wards."""
        sizes = np.bincount(self.ward + 1, minlength=len(self.wards) + 1)
        odds = np.array([0.0, *(shares.get(name, 0) for name in self.wards)])
        return (odds / np.maximum(sizes, 1))[self.ward + 1]

    def draw(
        self, rng: np.random.Generator, n: int, pool: np.ndarray, met: float, near: np.ndarray, ages: tuple
    ) -> np.ndarray:
        """`n` different people: the share `met` from the pool, the others by their chance `near`."""
        inside = rng.permutation(pool)[: round(n * met)]
        near = near.copy()
        near[pool] = 0
        others = self.people.pick(rng, n - len(inside), age=ages, residence=WESTMINSTER, weight=near)
        return rng.permutation(np.append(inside, others))

    def homes(self, rng: np.random.Generator, wards: np.ndarray) -> np.ndarray:
        """Somebody who lives in each of `wards`: a home of its own for each as long as there are any."""
        place = self.ward[self.householders]
        home = np.zeros(len(wards), dtype=np.int64)
        for number, name in enumerate(self.wards):
            here, there = np.flatnonzero(wards == name), self.householders[place == number]
            if len(here):
                home[here] = np.resize(rng.permutation(there), len(here))
        return home

    def named(self, ward_codes: np.ndarray) -> np.ndarray:
        """Names of wards by their codes; None stays."""
        return objects(self.ward_names.get(code) for code in ward_codes)


def earlier_case(rng: np.random.Generator, days: np.ndarray, eligible: np.ndarray) -> np.ndarray:
    """For each case one of the `eligible` cases of the 365 days before it; -1 where there is none."""
    among = np.flatnonzero(eligible)
    if not len(among):
        return np.full(len(days), -1)
    first = np.searchsorted(days[among], days - 365)
    last = np.searchsorted(days[among], days)
    at = first + (rng.random(len(days)) * (last - first)).astype(np.int64)
    return np.where(last > first, among[np.minimum(at, len(among) - 1)], -1)


def first_of_chain(parent: np.ndarray) -> np.ndarray:
    """The case at the beginning of each case's chain of repeats, which is where its person was new."""
    root = np.arange(len(parent))
    for case in np.flatnonzero(parent >= 0):
        root[case] = root[parent[case]]
    return root


@dataclass(frozen=True)
class Parties:
    """Who complains of whom in cases that stand in order of their days; -1 where nobody is named."""

    complainant: np.ndarray
    perpetrator: np.ndarray
    repeats_complainant: np.ndarray
    repeats_perpetrator: np.ndarray


def parties(
    rng: np.random.Generator,
    ground: Ground,
    days: np.ndarray,
    shares: list[dict[str, float]],
    per_year: list[int],
    unnamed: float,
    met: float = 0.4,
) -> Parties:
    """The people of cases, with repeats within a year as `shares` (of each year) says.

    A repeat is a person of a case of the 365 days before, so that flags and references agree but for the
    first months, whose earlier cases nobody delivered.
    """
    kind = np.concatenate([exact(rng, n, share) for n, share in zip(per_year, shares, strict=True)])
    both, again = kind == "both", np.isin(kind, ("both", "complainant"))
    offends = np.isin(kind, ("both", "perpetrator"))
    known = offends | (rng.random(len(days)) >= unnamed / max(1e-9, 1 - offends.mean()))
    by_perpetrator = earlier_case(rng, days, known)
    by_complainant = np.where(both, by_perpetrator, earlier_case(rng, days, np.ones(len(days), bool)))
    near = ground.near(STOCK)

    def persons(parent: np.ndarray, named: np.ndarray, pool: np.ndarray, ages: tuple) -> np.ndarray:
        root = first_of_chain(parent)
        fresh = np.flatnonzero((root == np.arange(len(root))) & named)
        who = np.full(len(root), -1)
        who[fresh] = ground.draw(rng, len(fresh), pool, met, near, ages)
        return np.where(named, who[root], -1)

    everybody = np.ones(len(days), bool)
    return Parties(
        persons(np.where(again, by_complainant, -1), everybody, ground.harmed, (18, 95)),
        persons(np.where(offends, by_perpetrator, -1), known, ground.alleged, (13, 80)),
        again,
        offends,
    )


def plant_gap(
    out: Deliveries, gap_id: str, fault: str, file: str, check: str, rows: int, column: str | None = None
) -> None:
    """Note a fault that is one of the assessment's gaps; the number of the gap leads the words."""
    out.plant(f"{gap_id}: {fault}", file, check, rows=rows, column=column)


OUTCOMES = {"Resolved": 0.55, "Not substantiated": 0.2, "Complainant withdrew": 0.1, "Tenancy ended": 0.05,
            "Referred to another agency": 0.1}  # fmt: skip


def wards_of(ground: Ground, named: dict[str, float]) -> dict[str, float]:
    """Shares of all wards (of 100): the named ones, and the others alike."""
    others = [w for w in sorted(ground.wards) if w not in named]
    return named | dict.fromkeys(others, (100 - sum(named.values())) / len(others))
