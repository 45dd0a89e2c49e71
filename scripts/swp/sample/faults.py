"""Planted faults: rows and files that a check must find, with the list of what was planted where."""

from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa

MOST_BROKEN_ROWS = 25


@dataclass(frozen=True)
class Fault:
    """One planted fault: `rows` of `file`, in `column` and `month` where it has them.

    `expected_check` names the check or the rule that has to notice it.
    """

    fault: str
    file: str
    column: str | None
    month: str | None
    rows: int
    expected_check: str

    def as_dict(self) -> dict:
        return asdict(self)


def broken_count(scale: float, rows: int, at_scale_1: int = 3) -> int:
    """How many rows of a file to break: a handful, well under 1% of it, none in the smallest files."""
    return min(max(1, round(at_scale_1 * scale)), MOST_BROKEN_ROWS, rows // 120)


def with_broken_rows(
    table: pa.Table, column: str, value: str | None, count: int, fresh: dict[str, pa.Array] | None = None
) -> pa.Table:
    """`table` with `count` of its rows added once more at the end, `column` set to `value` there.

    `fresh` gives columns that the added rows need for themselves (identifiers), each of length `count`.
    The rows that were there stay as they are, so that what is set aside changes no total.
    """
    at = np.linspace(0, table.num_rows - 1, count).astype(np.int64)
    added = table.take(pa.array(at))
    replace = {column: pa.array([value] * count, pa.string())} | (fresh or {})
    for name, values in replace.items():
        added = added.set_column(added.schema.get_field_index(name), name, values)
    return pa.concat_tables([table, added.cast(table.schema)])
