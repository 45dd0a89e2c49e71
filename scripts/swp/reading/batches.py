"""What every reader hands to the loader."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Malformed:
    """A row that does not fit its headings, kept as it came."""

    row_number: int
    reason: str
    row_text: str


@dataclass(frozen=True)
class Batch:
    """Rows as an Arrow table: `row_number`, then `c0`, `c1` ... by position in the file."""

    rows: pa.Table
    malformed: Sequence[Malformed] = ()

    @classmethod
    def of(
        cls, numbers: pa.Array, columns: Sequence[pa.Array], malformed: Sequence[Malformed] = ()
    ) -> "Batch":
        names = ["row_number", *(f"c{position}" for position in range(len(columns)))]
        return cls(pa.table([numbers, *columns], names=names), malformed)
