"""The attack: what can be worked out of a publication about the counts that it leaves out.

It has only what is published. Every hidden count starts at anything from nought on; every sum over counts,
between categories, areas, periods, a base and its parts, narrows it down, by linear programming (HiGHS).
A count is recovered when it can no longer be anything from 0 to 4.

    python -m swp.publishing.attack data/published/current partner 2000
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, eye_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from swp.publishing import disclosure
from swp.publishing.disclosure.bounds import UNBOUNDED, Sums, propagate
from swp.publishing.disclosure.suppression import SMALL, is_small
from swp.vault import quoted

TOLERANCE = 1e-6
LARGEST_SMALL = SMALL - 1
PASSES = 4


@dataclass(frozen=True)
class Outcome:
    """The hidden cells that were tried, by number, and the bounds that are proven for each.

    `lower` and `upper` are exact where they decide; a cell that is shown to be open from 0 to 4 is not
    followed further. `unsolved` counts those that the solver gave up on.
    """

    tried: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    unsolved: int

    @property
    def recovered(self) -> np.ndarray:
        """The cells, of those tried, that cannot be anything from 0 to 4."""
        return self.tried[(self.lower > TOLERANCE) | (self.upper < LARGEST_SMALL - TOLERANCE)]

    @property
    def recovered_as_small(self) -> np.ndarray:
        """The recovered ones, but for those of which it is plain that they are five or more."""
        narrowed = (self.lower > TOLERANCE) | (self.upper < LARGEST_SMALL - TOLERANCE)
        return self.tried[narrowed & (self.lower < SMALL - TOLERANCE)]

    def __str__(self) -> str:
        return (
            f"{len(self.tried)} hidden cells tried, {len(self.recovered)} narrowed down, of which "
            f"{len(self.recovered_as_small)} may be small, {self.unsolved} not solved"
        )


def attack(sums: Sums, lower: np.ndarray, upper: np.ndarray, targets: np.ndarray) -> Outcome:
    """Bound each of `targets` (numbers of cells) by all `sums` together.

    `lower` and `upper` are what is shown of each cell: equal where it is exact, 2 away on either side where
    it is rounded to 5, nought and UNBOUNDED where it is hidden. Systems that share no open cell are
    solved each by itself.
    """
    outer_lower, outer_upper = propagate(sums, lower, upper)
    found_lower, found_upper = np.full(len(lower), np.inf), np.full(len(lower), -np.inf)
    unsolved = 0
    for system in _systems(sums, lower, upper, targets):
        unsolved += _bound(system, targets, found_lower, found_upper)
    # What is in no sum at all is bounded by nothing.
    alone = np.isinf(found_lower[targets])
    low = np.where(alone, outer_lower[targets], found_lower[targets])
    high = np.where(alone, outer_upper[targets], found_upper[targets])
    return Outcome(targets, low, high, unsolved)


@dataclass(frozen=True)
class _System:
    """`matrix` @ x = `right` or, for sums with a rest, >= ; x are the `cells` with bounds."""

    cells: np.ndarray
    equal: coo_array
    equal_right: np.ndarray
    at_most: coo_array
    at_most_right: np.ndarray
    bounds: np.ndarray


def _systems(sums: Sums, lower: np.ndarray, upper: np.ndarray, targets: np.ndarray) -> list[_System]:
    """The independent systems that hold a target; amounts that are known are put in."""
    known = upper - lower < TOLERANCE
    amounts = np.where(known, lower, 0)
    count = len(sums.parent)
    right = amounts[sums.parent] - np.bincount(sums.sum_of, amounts[sums.child], count)
    open_child, open_parent = ~known[sums.child], ~known[sums.parent]
    rows = np.concatenate([sums.sum_of[open_child], np.flatnonzero(open_parent)])
    columns = np.concatenate([sums.child[open_child], sums.parent[open_parent]])
    signs = np.concatenate([np.ones(open_child.sum()), -np.ones(open_parent.sum())])
    graph = coo_array(
        (np.ones(len(rows)), (rows, columns + count)), shape=(count + len(lower), count + len(lower))
    )
    _, label = connected_components(graph, directed=False)
    wanted = np.unique(label[targets + count])
    order = np.argsort(label[rows], kind="stable")
    rows, columns, signs = rows[order], columns[order], signs[order]
    labels = label[rows]
    starts, ends = np.searchsorted(labels, wanted), np.searchsorted(labels, wanted, side="right")
    return [
        _system(rows[a:b], columns[a:b], signs[a:b], right, sums.has_rest, lower, upper)
        for a, b in zip(starts, ends, strict=True)
        if b > a
    ]


def _system(rows, columns, signs, right, has_rest, lower, upper) -> _System:
    sums, row = np.unique(rows, return_inverse=True)
    cells, column = np.unique(columns, return_inverse=True)
    rest = has_rest[sums]
    place = np.where(rest, np.cumsum(rest) - 1, np.cumsum(~rest) - 1)

    def part(chosen: np.ndarray) -> coo_array:
        of = chosen[row]
        return coo_array(
            (signs[of], (place[row[of]], column[of])), shape=(int(chosen.sum()), len(cells))
        ).tocsr()

    bounds = np.column_stack([lower[cells], np.where(upper[cells] < UNBOUNDED, upper[cells], np.inf)])
    return _System(cells, part(~rest), right[sums[~rest]], part(rest), right[sums[rest]], bounds)


def _bound(system: _System, targets: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> int:
    """Fill in the bounds of the targets in `system`; returns how many the solver gave up on."""
    inside = np.flatnonzero(np.isin(system.cells, targets))
    cells = system.cells
    unsolved = 0
    for sign in (1, -1):

        def is_open(some: np.ndarray, sign: int = sign) -> np.ndarray:
            names = cells[some]
            return lower[names] <= TOLERANCE if sign == 1 else upper[names] >= LARGEST_SMALL - TOLERANCE

        # A solution says what every cell of the system can be at once: many are settled by a few.
        for _ in range(PASSES):
            left = inside[~is_open(inside)]
            if not len(left) or (solution := _solve(system, left, sign)) is None:
                break
            _note(cells, solution, lower, upper)
            if 2 * (~is_open(left)).sum() > len(left):
                break
        for index in inside[~is_open(inside)]:
            if is_open(np.array([index]))[0]:
                continue
            if (solution := _solve(system, np.array([index]), sign)) is None:
                unsolved += 1
            else:
                _note(cells, solution, lower, upper)
    return unsolved


def _note(cells: np.ndarray, solution: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
    lower[cells] = np.minimum(lower[cells], solution)
    upper[cells] = np.maximum(upper[cells], solution)


def _solve(system: _System, chosen: np.ndarray, sign: int) -> np.ndarray | None:
    """A solution that has the `chosen` cells as small as can be (`sign` 1), or up to the largest small count.

    What a cell has beyond that counts for nothing, unless it is the only one: then its bound is exact.
    """
    count, goals = len(system.cells), len(chosen)
    # Cells without a bound above would make the program unbounded: far above the small counts is enough.
    bounds = np.minimum(system.bounds, UNBOUNDED / 1000)
    weights = np.zeros(count)
    at_most, at_most_right, equal = system.at_most, system.at_most_right, system.equal
    if sign == 1 or goals == 1:
        weights[chosen] = sign
    else:
        reached = coo_array((-np.ones(goals), (np.arange(goals), chosen)), shape=(goals, count))
        at_most = vstack(
            [
                hstack([at_most, coo_array((at_most.shape[0], goals))]),
                hstack([reached, eye_array(goals)]),
            ]
        ).tocsr()
        at_most_right = np.concatenate([at_most_right, np.zeros(goals)])
        equal = hstack([equal, coo_array((equal.shape[0], goals))]).tocsr()
        bounds = np.vstack([bounds, np.tile([0.0, LARGEST_SMALL], (goals, 1))])
        weights = np.concatenate([weights, -np.ones(goals)])
    result = linprog(
        weights,
        A_ub=at_most if at_most.shape[0] else None,
        b_ub=at_most_right if at_most.shape[0] else None,
        A_eq=equal if equal.shape[0] else None,
        b_eq=system.equal_right if equal.shape[0] else None,
        bounds=bounds,
        method="highs",
    )
    return result.x[:count] if result.status == 0 else None


def of_publication(folder: Path, profile: str, most: int = 2000, seed: int = 0) -> tuple[Outcome, int]:
    """Attack the marts of `profile` in the publication `folder`, at up to `most` of the hidden cells.

    The numbers come from the profile alone. What adds up to what is taken from the internal profile: the
    attacker is granted to know every one of these sums. Returns the outcome, and how many of the recovered
    cells are in truth 1 to 4.
    """
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        file = "community_safety.duckdb"
        connection.execute(f"attach '{folder / 'internal' / file}' as warehouse (read_only)")
        connection.execute(f"attach '{folder / profile / file}' as published (read_only)")
        disclosure.prepare(connection)
        disclosure.relate(connection)
        connection.execute(_published_rows(connection))
        return of_published(connection, 5 if profile == "public" else 1, most, seed)


def of_published(
    connection: duckdb.DuckDBPyConnection, rounded_to: int, most: int = 2000, seed: int = 0
) -> tuple[Outcome, int]:
    """Attack the temp table published, rows of the measure contract, with the cells of disclosure.relate."""
    truth, sums = disclosure.amounts_of(connection), disclosure.sums_of(connection)
    shown = connection.execute((disclosure.HERE / "published_amounts.sql").read_text()).fetchnumpy()
    lower, upper = np.zeros(len(truth)), np.full(len(truth), UNBOUNDED)
    margin = rounded_to // 2
    lower[shown["cell"]] = np.maximum(shown["amount"] - margin, 0)
    upper[shown["cell"]] = shown["amount"] + margin
    # A nought is shown as such, and nothing below five is shown.
    nought = shown["cell"][shown["amount"] < TOLERANCE]
    upper[nought] = 0
    upper[disclosure.noughts_of(connection, len(truth)) & (truth == 0)] = 0
    some = shown["cell"][shown["amount"] >= TOLERANCE]
    lower[some] = np.maximum(lower[some], SMALL)
    hidden = np.flatnonzero(upper - lower > 2 * margin + TOLERANCE)
    random = np.random.default_rng(seed)
    targets = np.sort(random.permutation(hidden)[:most])
    outcome = attack(sums, lower, upper, targets)
    return outcome, int(is_small(truth[outcome.recovered]).sum())


def _published_rows(connection: duckdb.DuckDBPyConnection) -> str:
    marts = connection.execute(
        """
        select table_name from duckdb_columns()
        where database_name = 'published' and schema_name = 'marts' and column_name = 'observation_key'
        """
    ).fetchall()
    rows = " union ".join(
        f"select observation_key, unit, value, numerator, denominator, unknown_count, previous_value, "
        f"period_start, period_end from published.marts.{quoted(name)}"
        for (name,) in marts
    )
    return f"create or replace temp table published as {rows}"


def main() -> int:
    """Print what the attack finds; 1 where a small count is recovered."""
    folder, profile = Path(sys.argv[1]), sys.argv[2]
    outcome, small = of_publication(folder, profile, int(sys.argv[3]) if len(sys.argv) > 3 else 2000)
    print(f"{profile}: {outcome}; {small} small counts recovered")
    return 1 if small else 0


if __name__ == "__main__":
    sys.exit(main())
