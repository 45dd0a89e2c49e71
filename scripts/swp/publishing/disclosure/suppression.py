"""Which cells have to be hidden, so that nothing that is shown gives away a count of 1 to 4.

Primary suppression hides every such count. Secondary suppression hides more, until the sums over what is
still shown leave each of them open from 0 to at least 4. A figure is shown or hidden as a whole, and a cell
is hidden only when every figure that shows it is.
"""

from dataclasses import dataclass
from itertools import count

import numpy as np

from swp.publishing.disclosure.bounds import UNBOUNDED, Sums, implied, propagate
from swp.publishing.disclosure.proof import Proof

SMALL = 5
PATIENCE = 1
# How far around a cell that is given away to hide others, and whether wholes may be hidden as well as parts.
STEPS = ((0, False), (1, False), (2, False), *((rings, True) for rings in range(1, 12)))
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Shown:
    """Which figure shows which cell: `figure` and `cell` have an item for each pair.

    `part_of` has for each figure the one that it belongs to, as what stood a year before belongs to what
    stands now: where that is hidden, it is hidden too. `worth` is what a reader loses with the figure.
    """

    figure: np.ndarray
    cell: np.ndarray
    part_of: np.ndarray
    cells: int
    worth: np.ndarray

    def figures_with(self, cells: np.ndarray) -> np.ndarray:
        """Of each figure, whether it, or what it belongs to, shows one of `cells` (true or false by cell)."""
        of_its_own = np.bincount(self.figure, cells[self.cell], len(self.part_of)) > 0
        return of_its_own | of_its_own[self.part_of]

    def cells_of(self, figures: np.ndarray) -> np.ndarray:
        """Of each cell, whether one of `figures` (true or false by figure) shows it."""
        return np.bincount(self.cell, figures[self.figure], self.cells) > 0

    def price_of(self, figures: np.ndarray) -> np.ndarray:
        """What a reader loses with each cell, where `figures` (by figure) are hidden already."""
        left = np.where(figures, 0, self.worth)
        parts = np.flatnonzero(self.part_of != np.arange(len(left)))
        with_parts = left + np.bincount(self.part_of[parts], left[parts], len(left))
        return np.bincount(self.cell, with_parts[self.figure], self.cells)


@dataclass(frozen=True)
class Suppression:
    """`figures` and `cells` that are hidden, `primary` the cells that are small; by number, true or false.

    `given_away` are small cells that cannot be kept, because what an earlier publication shows tells them;
    `unproved` those that each sum by itself leaves open, without a proof for all sums together.
    """

    figures: np.ndarray
    cells: np.ndarray
    primary: np.ndarray
    given_away: np.ndarray
    unproved: np.ndarray


def is_small(amounts: np.ndarray) -> np.ndarray:
    """Whether an amount is that of one to four persons; a weighted count may lie between."""
    return (amounts > TOLERANCE) & (amounts < SMALL - TOLERANCE)


def suppress(
    amounts: np.ndarray,
    sums: Sums,
    shown: Shown,
    hidden_before: np.ndarray | None = None,
    shown_before: np.ndarray | None = None,
    secondary: bool = True,
    prove: bool = True,
) -> Suppression:
    """The figures and cells to hide. `amounts` is by cell, NaN where nobody knows it.

    `hidden_before` and `shown_before` (by cell) say what an earlier publication did with a cell that has not
    changed since. What it hid stays hidden, for else the two together give away what either hides; what it
    showed is known, so that hiding it now protects nothing. Without `secondary` only the small cells are
    hidden, which is what the attack has to find out. Without `prove` each sum is looked at by itself.
    """
    nowhere = np.zeros(len(amounts), bool)
    known = nowhere if shown_before is None else shown_before
    primary = is_small(amounts)
    must_hide = primary | np.isnan(amounts) | (nowhere if hidden_before is None else hidden_before)
    step, proof = 0, Proof() if prove else None
    for rounds in count():
        figures = shown.figures_with(must_hide)
        hidden = ~shown.cells_of(~figures) & ~known
        if not secondary:
            return Suppression(figures, hidden, primary, nowhere, nowhere)
        # A sum of which all is shown says nothing new.
        state = _State(sums.only(sums.having(hidden)), amounts, hidden, known, shown.price_of(figures))
        lower, upper = propagate(state.sums, *known_bounds(amounts, hidden))
        bad = primary & ((lower > TOLERANCE) | (upper < SMALL - 1 - TOLERANCE))
        if bad.any():
            step = max(step, int(rounds >= PATIENCE))
            more = _more_to_hide(state, lower, upper, bad, *STEPS[step])
        elif proof:
            finding = proof(sums, amounts, hidden, known, state.price, primary & hidden)
            if not len(finding.more):
                return Suppression(figures, hidden, primary, finding.given_away, finding.unproved)
            more = finding.more
        else:
            return Suppression(figures, hidden, primary, bad, nowhere)
        if not len(more) and (step := step + 1) == len(STEPS):
            return Suppression(figures, hidden, primary, bad, nowhere)
        must_hide[more] = True


def known_bounds(amounts: np.ndarray, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a reader knows at first: what is shown, and that the rest is not below nought."""
    return np.where(hidden, 0, amounts), np.where(hidden, UNBOUNDED, amounts)


@dataclass(frozen=True)
class _State:
    """Where the search stands: what is `hidden`, what is `known` for good, and the `price` of each cell."""

    sums: Sums
    amounts: np.ndarray
    hidden: np.ndarray
    known: np.ndarray
    price: np.ndarray


def _more_to_hide(
    state: _State, lower: np.ndarray, upper: np.ndarray, bad: np.ndarray, rings: int, wholes: bool
) -> np.ndarray:
    """Cells to hide, so that the `bad` ones (true or false by cell) are narrowed down less.

    One cell for each bad one, and then the next round looks again: a cell that is hidden serves many sums.
    With `rings`, one cell for each sum that narrows down a bad cell, or a hidden one so many sums away.
    """
    sums = state.sums
    near = bad
    for _ in range(rings):
        near = near | (_cells_in(sums, sums.having(near), len(near)) & state.hidden)
    too_high, too_low = near & (lower > TOLERANCE), near & (upper < SMALL - 1 - TOLERANCE)
    says = implied(sums, lower, upper)
    child, parent = sums.child, sums.parent
    tight_child = (too_high[child] & (says.child_lower > TOLERANCE)) | (
        too_low[child] & (says.child_upper < SMALL - 1 - TOLERANCE)
    )
    tight_parent = (too_high[parent] & (says.parent_lower > TOLERANCE)) | (
        too_low[parent] & (says.parent_upper < SMALL - 1 - TOLERANCE)
    )
    tight = np.bincount(sums.sum_of, tight_child, len(parent)) > 0
    if rings:
        return _cheapest(state, tight | tight_parent, wholes)
    of_cell = np.concatenate([child[tight_child], parent[tight_parent]])
    of_sum = np.concatenate([sums.sum_of[tight_child], np.flatnonzero(tight_parent)])
    pick = _cheapest_by_sum(state, tight | tight_parent, wholes)[of_sum]
    of_cell, pick = of_cell[pick >= 0], pick[pick >= 0]
    order = np.lexsort((pick, state.price[pick], of_cell))
    _, first = np.unique(of_cell[order], return_index=True)
    return np.unique(pick[order][first])


def _cells_in(sums: Sums, chosen: np.ndarray, cells_in_all: int) -> np.ndarray:
    """Of each cell, whether it is in one of the `chosen` sums."""
    cells = np.zeros(cells_in_all, bool)
    cells[sums.parent[chosen]] = True
    cells[sums.child[chosen[sums.sum_of]]] = True
    return cells


def _cheapest(state: _State, chosen: np.ndarray, wholes: bool) -> np.ndarray:
    """The cells of which one in each of the `chosen` sums is the cheapest that can be hidden."""
    picks = _cheapest_by_sum(state, chosen, wholes)
    return np.unique(picks[picks >= 0])


def _cheapest_by_sum(state: _State, chosen: np.ndarray, wholes: bool) -> np.ndarray:
    """By sum, the cheapest part, or with `wholes` cell, that can be hidden; -1 where none, or not `chosen`.

    Of cells at one price the smallest goes first. A nought that is hidden may be anything too, but is worth
    more when shown.
    """
    sums = state.sums
    sum_of = np.concatenate([sums.sum_of, np.arange(len(sums.parent))])
    cells = np.concatenate([sums.child, sums.parent])
    open_ones = chosen[sum_of] & ~(state.hidden | state.known)[cells]
    open_ones[len(sums.child) :] &= wholes
    sum_of, cells = sum_of[open_ones], cells[open_ones]
    amount = np.where(state.amounts[cells] > 0, state.amounts[cells], UNBOUNDED)
    order = np.lexsort((cells, amount, state.price[cells], sum_of))
    with_cells, first = np.unique(sum_of[order], return_index=True)
    pick = np.full(len(sums.parent), -1)
    pick[with_cells] = cells[order][first]
    return pick
