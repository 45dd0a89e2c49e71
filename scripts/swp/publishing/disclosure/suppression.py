"""Which cells have to be hidden, so that nothing that is shown gives away a count of 1 to 4.

Primary suppression hides every such count. Secondary suppression hides more, until the sums over what is
still shown leave each of them open from 0 to at least 4. A figure is shown or hidden as a whole, and a cell
is hidden only when every figure that shows it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import numpy as np

from swp.publishing.disclosure.bounds import UNBOUNDED, Sums, implied, propagate

# Of sums, what is known of each cell from below and above, and small cells (by cell): which are given away.
Proof = Callable[[Sums, np.ndarray, np.ndarray, np.ndarray], np.ndarray]

SMALL = 5
FEW = 100
PATIENCE = 20
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Shown:
    """Which figure shows which cell: `figure` and `cell` have an item for each pair.

    `part_of` has for each figure the one that it belongs to, as what stood a year before belongs to what
    stands now: where that is hidden, it is hidden too.
    """

    figure: np.ndarray
    cell: np.ndarray
    part_of: np.ndarray
    cells: int

    def figures_with(self, cells: np.ndarray) -> np.ndarray:
        """Of each figure, whether it, or what it belongs to, shows one of `cells` (true or false by cell)."""
        of_its_own = np.bincount(self.figure, cells[self.cell], len(self.part_of)) > 0
        return of_its_own | of_its_own[self.part_of]

    def cells_of(self, figures: np.ndarray) -> np.ndarray:
        """Of each cell, whether one of `figures` (true or false by figure) shows it."""
        return np.bincount(self.cell, figures[self.figure], self.cells) > 0


@dataclass(frozen=True)
class Suppression:
    """`figures` and `cells` that are hidden, `primary` the cells that are small; by number, true or false.

    `given_away` are small cells that cannot be kept, because what an earlier publication shows tells them.
    """

    figures: np.ndarray
    cells: np.ndarray
    primary: np.ndarray
    given_away: np.ndarray


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
    prove: Proof | None = None,
) -> Suppression:
    """The figures and cells to hide. `amounts` is by cell, NaN where nobody knows it.

    `hidden_before` and `shown_before` (by cell) say what an earlier publication did with a cell that has not
    changed since. What it hid stays hidden, for else the two together give away what either hides; what it
    showed is known, so that hiding it now protects nothing. Without `secondary` only the small cells are
    hidden, which is what the attack has to find out.
    """
    nowhere = np.zeros(len(amounts), bool)
    known = nowhere if shown_before is None else shown_before
    primary = is_small(amounts)
    must_hide = primary | np.isnan(amounts) | (nowhere if hidden_before is None else hidden_before)
    for rounds in count():
        figures = shown.figures_with(must_hide)
        hidden = ~shown.cells_of(~figures) & ~known
        if not secondary:
            return Suppression(figures, hidden, primary, nowhere)
        # A sum of which all is shown says nothing new.
        bad, more = _more_to_hide(amounts, sums.only(sums.having(hidden)), hidden, known, primary)
        if prove and not bad.any():
            bad = prove(sums, *known_bounds(amounts, hidden), primary & hidden)
            more = _near(amounts, sums, hidden, known, bad)
        if rounds >= PATIENCE and bad.any():
            more = np.union1d(more, np.flatnonzero(_all_around(sums, hidden, bad) & ~hidden & ~known))
        if not (more := more[~must_hide[more]]).size:
            return Suppression(figures, hidden, primary, bad)
        must_hide[more] = True


def known_bounds(amounts: np.ndarray, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a reader knows at first: what is shown, and that the rest is not below nought."""
    return np.where(hidden, 0, amounts), np.where(hidden, UNBOUNDED, amounts)


def _more_to_hide(
    amounts: np.ndarray, sums: Sums, hidden: np.ndarray, known: np.ndarray, primary: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The small cells that what is shown narrows down (true or false by cell), and cells to hide for them."""
    lower, upper = propagate(sums, *known_bounds(amounts, hidden))
    too_high, too_low = primary & (lower > TOLERANCE), primary & (upper < SMALL - 1 - TOLERANCE)
    bad = too_high | too_low
    if not bad.any():
        return bad, np.array([], int)
    says = implied(sums, lower, upper)
    child, parent = sums.child, sums.parent
    tight_child = (too_high[child] & (says.child_lower > TOLERANCE)) | (
        too_low[child] & (says.child_upper < SMALL - 1 - TOLERANCE)
    )
    tight_parent = too_low[parent] & (says.parent_upper < SMALL - 1 - TOLERANCE)
    tight = np.bincount(sums.sum_of, tight_child, len(parent)) > 0
    # Where only few are left, parts of sums further off go before a whole does.
    pick = _cheapest(amounts, sums, hidden | known, tight | tight_parent, wholes=bad.sum() > FEW)
    # One more cell for each that is given away, and then look again: a cell that is hidden serves many sums.
    of_cell = np.concatenate([child[tight_child], parent[tight_parent]])
    picks = np.concatenate([pick[sums.sum_of[tight_child]], pick[tight_parent]])
    more = _one_each(of_cell[picks >= 0], picks[picks >= 0], amounts)
    if len(more) == 0 or 10 * len(more) < bad.sum() - FEW:
        more = np.union1d(more, _near(amounts, sums, hidden, known, bad))
    return bad, more


def _near(
    amounts: np.ndarray, sums: Sums, hidden: np.ndarray, known: np.ndarray, bad: np.ndarray
) -> np.ndarray:
    """Cells to hide in the sums nearest to the `bad` cells: these are told through others that are hidden.

    Parts go before wholes, however far off: a whole that is hidden is worth more than any part.
    """
    for wholes in (False, True):
        near = bad
        while True:
            around = sums.having(near)
            picks = _cheapest(amounts, sums, hidden | known, around, wholes)
            if len(more := np.unique(picks[picks >= 0])):
                most = len(more) if bad.sum() > FEW else 1 + len(more) // 10
                return more[np.argsort(_cost(amounts, more), kind="stable")][:most]
            grown = near | (_cells_in(sums, around, len(hidden)) & hidden)
            if (grown == near).all():
                break
            near = grown
    return np.array([], int)


def _all_around(sums: Sums, hidden: np.ndarray, bad: np.ndarray) -> np.ndarray:
    """Of each cell, whether it shares a sum with a `bad` cell, or with a hidden one that does."""
    mates = _cells_in(sums, sums.having(bad), len(hidden)) & hidden
    return _cells_in(sums, sums.having(mates | bad), len(hidden))


def _cells_in(sums: Sums, chosen: np.ndarray, cells_in_all: int) -> np.ndarray:
    """Of each cell, whether it is in one of the `chosen` sums."""
    cells = np.zeros(cells_in_all, bool)
    cells[sums.parent[chosen]] = True
    cells[sums.child[chosen[sums.sum_of]]] = True
    return cells


def _cost(amounts: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Small parts go first. A nought that is hidden may be anything too, but is worth more when shown."""
    return np.where(amounts[cells] > 0, amounts[cells], UNBOUNDED)


def _one_each(of_cell: np.ndarray, picks: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    """For each different cell in `of_cell` the cheapest of its picks."""
    order = np.lexsort((picks, _cost(amounts, picks), of_cell))
    _, first = np.unique(of_cell[order], return_index=True)
    return np.unique(picks[order][first])


def _cheapest(
    amounts: np.ndarray, sums: Sums, settled: np.ndarray, tight: np.ndarray, wholes: bool = False
) -> np.ndarray:
    """By sum, the smallest part that can be hidden, else with `wholes` the whole; -1 where not `tight`."""
    pick = np.where(tight & ~settled[sums.parent] & wholes, sums.parent, -1)
    candidates = tight[sums.sum_of] & ~settled[sums.child]
    sum_of, child = sums.sum_of[candidates], sums.child[candidates]
    order = np.lexsort((child, _cost(amounts, child), sum_of))
    with_parts, first = np.unique(sum_of[order], return_index=True)
    pick[with_parts] = child[order][first]
    return pick
