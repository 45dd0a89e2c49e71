"""Sums over cells, and what they tell of the cells that are hidden."""

from dataclasses import dataclass

import numpy as np

UNBOUNDED = 1e9


@dataclass(frozen=True)
class Sums:
    """parent = the sum of its children, plus a rest of at least nought where `has_rest`.

    `parent` and `has_rest` have an item for each sum; `sum_of` and `child` one for each child: the number of
    the sum, and of the cell.
    """

    parent: np.ndarray
    has_rest: np.ndarray
    sum_of: np.ndarray
    child: np.ndarray

    def only(self, chosen: np.ndarray) -> "Sums":
        """The `chosen` sums (true or false by sum)."""
        number, kept = np.cumsum(chosen) - 1, chosen[self.sum_of]
        return Sums(self.parent[chosen], self.has_rest[chosen], number[self.sum_of[kept]], self.child[kept])

    def having(self, cells: np.ndarray) -> np.ndarray:
        """Of each sum, whether one of `cells` (true or false by cell) is in it."""
        return cells[self.parent] | (np.bincount(self.sum_of, cells[self.child], len(self.parent)) > 0)

    def over(self, amounts: np.ndarray) -> np.ndarray:
        """The total of `amounts` (by cell) over the children of each sum."""
        return np.bincount(self.sum_of, amounts[self.child], len(self.parent))


@dataclass(frozen=True)
class Implied:
    """What each sum by itself says of its children and of its parent."""

    child_lower: np.ndarray
    child_upper: np.ndarray
    parent_lower: np.ndarray
    parent_upper: np.ndarray


def implied(sums: Sums, lower: np.ndarray, upper: np.ndarray) -> Implied:
    """The bounds that each sum gives its members, from the bounds of the others in it."""
    total_lower, total_upper = sums.over(lower), sums.over(upper)
    total_upper[sums.has_rest] = UNBOUNDED
    of_child = sums.sum_of
    child_lower = lower[sums.parent][of_child] - (total_upper[of_child] - upper[sums.child])
    child_lower[sums.has_rest[of_child]] = 0
    child_upper = upper[sums.parent][of_child] - (total_lower[of_child] - lower[sums.child])
    return Implied(child_lower, child_upper, total_lower, total_upper)


def propagate(
    sums: Sums, lower: np.ndarray, upper: np.ndarray, sweeps: int = 8
) -> tuple[np.ndarray, np.ndarray]:
    """Tighten `lower` and `upper` (by cell) with every sum, again and again until nothing moves.

    The bounds hold, but need not be the closest that all sums together allow.
    """
    lower, upper = lower.copy(), upper.copy()
    for _ in range(sweeps):
        before = lower.sum(), upper.sum()
        of = implied(sums, lower, upper)
        np.maximum.at(lower, sums.child, of.child_lower)
        np.maximum.at(lower, sums.parent, of.parent_lower)
        np.minimum.at(upper, sums.child, of.child_upper)
        np.minimum.at(upper, sums.parent, of.parent_upper)
        if np.allclose(before, (lower.sum(), upper.sum()), rtol=0, atol=1e-6):
            break
    return lower, upper
