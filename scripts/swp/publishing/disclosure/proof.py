"""A proof over all sums together that every small count is open from 0 to 4.

A count is open when another table of counts, with that count nought, agrees with all that is shown, and one
with four of it does. Where the hidden counts allow none, shown counts may move too, each at its price: those
that move in the cheapest table are hidden, and the count is open. Such tables are looked for near the true
one: counts outside a neighbourhood stay as they are, so that what is found holds for all sums, however many.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from swp.publishing.disclosure.bounds import Sums

TOLERANCE = 1e-6
ENOUGH = 4
# Small systems are solved together, up to so many counts, and again while that opens a tenth of what is left.
TOGETHER = 1000
PASSES, GAIN = 8, 0.1
# How many counts around one may move, and of each sum how many shown ones: the first with a table will do.
COVERS = ((600, 2), (1500, 10), (3000, 1000), (8000, 20))


@dataclass(frozen=True)
class Finding:
    """What the proof asks for: the numbers of the cells to hide; the small ones without a proof, by cell.

    `given_away` are those that no other table exists for, whatever is hidden.
    """

    more: np.ndarray
    unproved: np.ndarray
    given_away: np.ndarray


class Proof:
    """Proves small cells open. What is proven stays so while more is hidden, and is not tried again."""

    def __init__(self) -> None:
        self._lowest = self._highest = np.zeros(0)

    def __call__(
        self,
        sums: Sums,
        amounts: np.ndarray,
        hidden: np.ndarray,
        known: np.ndarray,
        price: np.ndarray,
        small: np.ndarray,
    ) -> Finding:
        """Prove the `small` cells. `known` are shown for good, `price` is that of hiding; all by cell."""
        amounts = np.nan_to_num(amounts)
        if not len(self._lowest):
            self._lowest, self._highest = amounts.copy(), amounts.copy()
        tables = _Tables(sums, amounts)
        for sign in (1, -1):
            for cells in tables.systems(hidden, small & ~self._is_open(sign), TOGETHER):
                self._prove(tables, cells, small, sign)
        return self._cover(tables, hidden.copy(), known, price, small)

    def _is_open(self, sign: int) -> np.ndarray:
        return self._lowest <= TOLERANCE if sign == 1 else self._highest >= ENOUGH - TOLERANCE

    def _note(self, cells: np.ndarray, found: np.ndarray) -> None:
        self._lowest[cells] = np.minimum(self._lowest[cells], found)
        self._highest[cells] = np.maximum(self._highest[cells], found)

    def _prove(self, tables: "_Tables", cells: np.ndarray, small: np.ndarray, sign: int) -> None:
        """Look for tables that have as many of the `small` among `cells` open at once as can be."""
        for _ in range(PASSES):
            goals = cells[small[cells] & ~self._is_open(sign)[cells]]
            if not len(goals) or (found := tables.nearest(cells, goals, sign)) is None:
                break
            self._note(cells, found)
            if self._is_open(sign)[goals].sum() < GAIN * len(goals):
                break

    def _cover(
        self, tables: "_Tables", hidden: np.ndarray, known: np.ndarray, price: np.ndarray, small: np.ndarray
    ) -> Finding:
        """Hide the cheapest cells that open what is left."""
        more: list[np.ndarray] = []
        unproved, given_away = np.zeros(len(small), bool), np.zeros(len(small), bool)
        for sign in (1, -1):
            for cell in np.flatnonzero(small & ~self._is_open(sign)):
                if self._is_open(sign)[cell]:
                    continue
                for size, each in COVERS:
                    cells, is_all = tables.around(cell, hidden, size, ~known, price, each)
                    found = tables.cheapest(cells, cell, sign, np.where(hidden, 0, price)[cells])
                    if found is not None or is_all:
                        break
                if found is None:
                    unproved[cell], given_away[cell] = not is_all, is_all
                    continue
                self._note(cells, found)
                moved = cells[~hidden[cells] & (np.abs(found - tables.amounts[cells]) > TOLERANCE)]
                hidden[moved] = True
                more.append(moved)
        return Finding(np.concatenate([np.zeros(0, int), *more]), unproved, given_away)


class _Tables:
    """Tables of counts that keep every sum."""

    def __init__(self, sums: Sums, amounts: np.ndarray):
        self.amounts = amounts
        count = len(sums.parent)
        numbers = np.arange(count)
        rows, cells = np.concatenate([numbers, sums.sum_of]), np.concatenate([sums.parent, sums.child])
        signs = np.concatenate([-np.ones(count), np.ones(len(sums.child))])
        self._by_sum = csr_array((signs, (rows, cells)), shape=(count, len(amounts)))
        self._by_cell = self._by_sum.T.tocsr()
        self._has_rest = sums.has_rest
        self._rest = -(self._by_sum @ amounts)
        self._column = np.zeros(len(amounts), int)

    def systems(self, hidden: np.ndarray, wanted: np.ndarray, most: int) -> Iterator[np.ndarray]:
        """The hidden cells of each system with a `wanted` one; small ones together, up to `most` cells."""
        cells = np.flatnonzero(hidden)
        if not wanted.any():
            return
        links = self._by_sum[:, cells]
        cell_count, sum_count = len(cells), links.shape[0]
        links = links.tocoo()
        graph = coo_array(
            (np.ones(links.nnz), (links.col, links.row + cell_count)),
            shape=(cell_count + sum_count, cell_count + sum_count),
        )
        label = connected_components(graph, directed=False)[1][:cell_count]
        sizes = np.bincount(label)
        asked = np.bincount(label, wanted[cells], len(sizes)) > 0
        kept = asked[label]
        cells, label = cells[kept], label[kept]
        order = np.argsort(label, kind="stable")
        cells, label = cells[order], label[order]
        ends = np.flatnonzero(np.diff(label, append=-1)) + 1
        start = 0
        for end, following in zip(ends, [*ends[1:], np.inf], strict=True):
            if following - start > most:
                yield np.sort(cells[start:end])
                start = end

    def around(
        self,
        cell: int,
        hidden: np.ndarray,
        size: int,
        may_be_hidden: np.ndarray,
        price: np.ndarray,
        each: int,
    ) -> tuple[np.ndarray, bool]:
        """About `size` cells that sums connect to `cell`, nearest first, and whether these are all.

        Hidden cells, and of each sum the `each` cheapest that `may_be_hidden`.
        """
        found, frontier, seen, is_all = {cell}, [cell], set(), True
        while frontier:
            following = []
            for sum_ in np.unique(self._by_cell[frontier].indices).tolist():
                if sum_ in seen:
                    continue
                seen.add(sum_)
                members = self._members(sum_)
                more = members[hidden[members]]
                shown = members[~hidden[members] & may_be_hidden[members]]
                is_all &= len(shown) <= each
                more = np.concatenate([more, shown[np.argsort(price[shown], kind="stable")[:each]]])
                new = [other for other in more.tolist() if other not in found]
                if len(found) + len(new) > size and len(found) > 1:
                    is_all = False
                    continue
                found.update(new)
                following += new
            frontier = following
        return np.array(sorted(found)), is_all

    def nearest(self, cells: np.ndarray, goals: np.ndarray, sign: int) -> np.ndarray | None:
        """Amounts of `cells` with those of `goals` nought as far as can be (`sign` 1), or four or more."""
        matrix, lower, upper = self._sums_over(cells)
        count, wanted = len(cells), len(goals)
        place = np.searchsorted(cells, goals)
        if sign == 1:
            objective, most = np.zeros(count), np.full(count, np.inf)
            objective[place] = 1
        else:
            reached = coo_array((-np.ones(wanted), (np.arange(wanted), place)), shape=(wanted, count))
            matrix = vstack(
                [
                    hstack([matrix, coo_array((matrix.shape[0], wanted))]),
                    hstack([reached, eye_array(wanted)]),
                ]
            )
            lower = np.concatenate([lower, np.full(wanted, -np.inf)])
            upper = np.concatenate([upper, np.zeros(wanted)])
            objective = np.concatenate([np.zeros(count), -np.ones(wanted)])
            most = np.concatenate([np.full(count, np.inf), np.full(wanted, ENOUGH)])
        found = _solve(objective, matrix, lower, upper, np.zeros(len(most)), most)
        return None if found is None else found[:count]

    def cheapest(self, cells: np.ndarray, goal: int, sign: int, price: np.ndarray) -> np.ndarray | None:
        """Amounts of `cells` with that of `goal` nought, or four, that move others at the least price."""
        matrix, lower, upper = self._sums_over(cells)
        paid = np.flatnonzero(price > 0)
        count = len(cells)
        # What is paid for is the way from the true amount, up or down.
        amounts = self.amounts[cells]
        change = coo_array((np.ones(len(paid)), (np.arange(len(paid)), paid)), shape=(len(paid), count))
        matrix = vstack(
            [
                hstack([matrix, coo_array((matrix.shape[0], 2 * len(paid)))]),
                hstack([change, -eye_array(len(paid)), eye_array(len(paid))]),
            ]
        )
        least = np.zeros(count + 2 * len(paid))
        most = np.full(len(least), np.inf)
        place = np.searchsorted(cells, goal)
        least[place] = most[place] = 0 if sign == 1 else ENOUGH
        objective = np.concatenate([np.zeros(count), price[paid], price[paid]])
        found = _solve(
            objective,
            matrix,
            np.concatenate([lower, amounts[paid]]),
            np.concatenate([upper, amounts[paid]]),
            least,
            most,
        )
        return None if found is None else found[:count]

    def _members(self, sum_: int) -> np.ndarray:
        return self._by_sum.indices[self._by_sum.indptr[sum_] : self._by_sum.indptr[sum_ + 1]]

    def _sums_over(self, cells: np.ndarray) -> tuple[csr_array, np.ndarray, np.ndarray]:
        """The sums with one of `cells`, over these, and between what they must stay."""
        part = self._by_cell[cells].T.tocsr()
        sums = np.flatnonzero(np.diff(part.indptr))
        part = part[sums]
        total = part @ self.amounts[cells]
        rest = self._has_rest[sums]
        return part, np.where(rest, -np.inf, total), np.where(rest, total + self._rest[sums], total)


def _solve(objective, matrix, lower, upper, least, most) -> np.ndarray | None:
    constraints = LinearConstraint(matrix, lower, upper) if matrix.shape[0] else ()
    return milp(objective, constraints=constraints, bounds=Bounds(least, most)).x
