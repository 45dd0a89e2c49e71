"""Blocks: what keeps a large sample within the memory of an ordinary machine.

Up to ten boroughs are generated at once. Beyond that the deliveries with a row for each record grow block
by block, each block with its own random numbers, its own people and its own range of references.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from swp.sample.faults import broken_count

# Boroughs of a block: as many as the largest population serves (people.MOST).
BLOCK = 10.0


@dataclass(frozen=True)
class Block:
    """One of `of` equal parts of a sample of scale `whole`, numbered from 0."""

    number: int
    of: int
    whole: float

    @property
    def scale(self) -> float:
        """The scale of this part alone."""
        return self.whole / self.of

    @property
    def is_last(self) -> bool:
        return self.number == self.of - 1

    @property
    def names(self) -> tuple[str, ...]:
        """What tells its random numbers from those of other blocks; a sample of one block has nothing."""
        return (f"block {self.number}",) if self.number else ()

    def broken_count(self, rows: int, at_scale_1: int = 3) -> int:
        """How many rows to break: those of the whole sample at its end, none in the blocks before."""
        return broken_count(self.whole, rows, at_scale_1) if self.is_last else 0

    def part_of(self, counts: np.ndarray, shift: np.ndarray) -> np.ndarray:
        """This block's part of whole numbers: the parts of all blocks add up to `counts`.

        `shift` (0 up to `of`, one for each count and the same for every block) says which blocks get the
        remainders.
        """
        upto = [(counts * number + shift) // self.of for number in (self.number, self.number + 1)]
        return upto[1] - upto[0]


def blocks_of(scale: float, most: float = BLOCK) -> list[Block]:
    """The blocks of a sample: as few as keep each at `most` or under."""
    of = max(1, ceil(scale / most - 1e-9))
    return [Block(number, of, scale) for number in range(of)]
