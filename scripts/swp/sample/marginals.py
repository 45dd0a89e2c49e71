"""What the sample is calibrated to: the main totals and shares, each with its page or its reason."""

import csv
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("marginals.csv")

YEAR_BEFORE_LAST = "2020-10..2021-09"
YEAR_BEFORE = "2021-10..2022-09"
REVIEW_YEAR = "2022-10..2023-09"
ANY = "any"


@dataclass(frozen=True)
class Marginals:
    """The rows of marginals.csv: (marginal, category, period) to value."""

    values: dict[tuple[str, str, str], float]

    def value(self, marginal: str, category: str = "all", period: str = REVIEW_YEAR) -> float:
        """The value of one marginal; a period that has none of its own takes the one of any period."""
        key = (marginal, category, period)
        return self.values[key] if key in self.values else self.values[marginal, category, ANY]

    def series(self, marginal: str, period: str = REVIEW_YEAR) -> dict[str, float]:
        """All categories of one marginal in one period, in the order of the file."""
        return {
            category: value
            for (name, category, when), value in self.values.items()
            if name == marginal and when in (period, ANY)
        }


@cache
def load() -> Marginals:
    """Read marginals.csv. Its `basis` is printed, inferred (from printed figures) or assumed."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return Marginals(
            {(r["marginal"], r["category"], r["period"]): float(r["value"]) for r in csv.DictReader(file)}
        )


def generator(seed: int, *names: str) -> np.random.Generator:
    """A stream of random numbers of its own for each delivery, so that one never shifts another."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def months(first: str, last: str) -> list[str]:
    """The months from `first` to `last`, both in, written YYYY-MM."""
    span = np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)
    return [str(month) for month in span]


def scaled(value: float, scale: float, least: int = 0) -> int:
    """A count of scale 1 at another scale, and never less than `least`."""
    return max(least, round(value * scale))


def spread(total: int, shares: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """`total` things over `shares` (summing to 1) as whole numbers, each within 1 of its exact part."""
    edges = np.floor(np.cumsum(shares) / shares.sum() * total + rng.random())
    edges[-1] = total
    return np.diff(np.minimum(edges, total), prepend=0).astype(np.int64)
