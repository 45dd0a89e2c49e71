"""The truth behind the sample: which row is about whom. It is kept apart from the deliveries."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FILE = "person_links.parquet"
TEXT = pa.string()
COLUMNS = ("agency", "reference", "source_table", "row_reference")
SCHEMA = pa.schema([*((name, TEXT) for name in COLUMNS), ("person_id", pa.int64())])
ROWS_KEPT = 1_000_000


class Truth:
    """A row for each observed row: agency, reference, source_table, row_reference, person_id.

    With a `folder` the rows go to the file there when they are many, else all of them stay in memory.
    """

    def __init__(self, folder: Path | None = None):
        self._folder = folder and Path(folder)
        self._parts: list[pa.Table] = []
        self._writer: pq.ParquetWriter | None = None

    def note(
        self, agency: str, reference: np.ndarray, table: str, rows: np.ndarray, person_id: np.ndarray
    ) -> None:
        """Keep that `rows` of a table, in which somebody has a `reference`, are about `person_id`."""
        columns = [
            pa.repeat(pa.scalar(agency), len(person_id)),
            pa.array(reference, TEXT),
            pa.repeat(pa.scalar(table), len(person_id)),
            pa.array([str(row) for row in rows], TEXT),
            pa.array(person_id, pa.int64()),
        ]
        self._parts.append(pa.table(columns, schema=SCHEMA))
        if self._folder and sum(part.num_rows for part in self._parts) >= ROWS_KEPT:
            self._spill(self._folder)

    def table(self) -> pa.Table:
        """All rows that are in memory."""
        return pa.concat_tables(self._parts) if self._parts else SCHEMA.empty_table()

    def write(self, folder: Path) -> Path:
        """Finish person_links.parquet in `folder`, which is never the deliveries' own."""
        self._spill(Path(folder))
        self._writer.close()
        self._writer = None
        return self._partial(folder).replace(Path(folder) / FILE)

    def _partial(self, folder: Path) -> Path:
        return Path(folder) / f".{FILE}.partial"

    def _spill(self, folder: Path) -> None:
        if self._writer is None:
            folder.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self._partial(folder), SCHEMA, compression="zstd")
        self._writer.write_table(self.table())
        self._parts.clear()
