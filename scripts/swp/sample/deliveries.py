"""Writing the sample's files, and the manifest that says what they are."""

import hashlib
import io
import json
import os
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from swp.sample.faults import Fault

AS_OF = "2024-01-15"
MANIFEST = "sample_manifest.json"


@dataclass(frozen=True)
class Delivered:
    """One file of the sample: path within the folder, contract, publication date, rows without heading."""

    file: str
    source: str
    published: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class RegisteredGap:
    """A gap that the sample's register knows, so that the sample builds green; dates as text."""

    source: str
    column: str
    reason: str
    owner: str = "data steward"
    asked_on: str = "2023-11-01"
    expires_on: str = "2024-12-31"


@dataclass
class Manifest:
    """What `write` made. The same as sample_manifest.json in `folder`."""

    folder: Path
    seed: int
    scale: float
    as_of: str = AS_OF
    files: list[Delivered] = field(default_factory=list)
    planted_faults: list[Fault] = field(default_factory=list)
    registered_gaps: list[RegisteredGap] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.folder / MANIFEST

    def as_text(self) -> str:
        """The manifest as it stands in its file."""
        return json.dumps(self.as_dict(), indent=1, ensure_ascii=False) + "\n"

    def as_dict(self) -> dict:
        return {
            "synthetic": True,
            "seed": self.seed,
            "scale": self.scale,
            "as_of": self.as_of,
            "files": [vars(file) for file in self.files],
            "planted_faults": [fault.as_dict() for fault in self.planted_faults],
            "registered_gaps": [vars(gap) for gap in self.registered_gaps],
        }


class Growing:
    """A file that is written piece by piece, beside its place until it is whole.

    A name that ends in .gz is compressed here. `rows` counts what was written, without the heading; `counted`
    holds what its writer counts for the manifest.
    """

    def __init__(self, folder: Path, source: str, name: str, published: str):
        self.source, self.published, self.name = source, published, f"{source}/{name}"
        self.rows, self.counted = 0, Counter()
        self._path = folder / self.name
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._partial = self._path.with_name(f".{name}.partial")
        self._file = self._partial.open("wb")
        self._packer = zlib.compressobj(4, zlib.DEFLATED, 31) if name.endswith(".gz") else None
        self._parquet: pq.ParquetWriter | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing was written yet: the piece with the heading is still to come."""
        return not self.rows

    def write(self, content: bytes, rows: int) -> None:
        """Add `content`, which holds so many rows."""
        self._file.write(self._packer.compress(content) if self._packer else content)
        self.rows += rows

    def write_table(self, table: pa.Table) -> None:
        """Add a table to a Parquet file."""
        if self._parquet is None:
            self._parquet = pq.ParquetWriter(self._file, table.schema, compression="zstd")
        self._parquet.write_table(table)
        self.rows += table.num_rows

    def close(self) -> Delivered:
        """Put the file in its place."""
        if self._parquet:
            self._parquet.close()
        if self._packer:
            self._file.write(self._packer.flush())
        self._file.close()
        with self._partial.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.replace(self._partial, self._path)
        return Delivered(self.name, self.source, self.published, self.rows, digest)


class Deliveries:
    """The folder that the files go to, and the manifest as it grows."""

    def __init__(self, folder: Path, seed: int, scale: float, progress: Callable[[str], None] | None = None):
        self.manifest = Manifest(folder, seed, scale)
        self.progress = progress
        folder.mkdir(parents=True, exist_ok=True)
        self.manifest.path.unlink(missing_ok=True)

    def add(self, source: str, name: str, content: bytes, *, published: str, rows: int) -> str:
        """Write `content` as <source>/<name> in one step; a name that ends in .gz is compressed here."""
        growing = self.begin(source, name, published=published)
        growing.write(content, rows)
        return self.end(growing)

    def begin(self, source: str, name: str, *, published: str) -> Growing:
        """Begin <source>/<name>, which is no delivery before `end`."""
        return Growing(self.manifest.folder, source, name, published)

    def end(self, growing: Growing) -> str:
        """Note a file that has all its rows."""
        self.manifest.files.append(growing.close())
        self.tell(growing.name)
        return growing.name

    def tell(self, what: str) -> None:
        """Report progress."""
        if self.progress:
            self.progress(what)

    def plant(
        self,
        fault: str,
        file: str,
        expected_check: str,
        *,
        rows: int,
        column: str | None = None,
        month: str | None = None,
    ) -> None:
        """Note a fault that was planted in `file`; without rows there is none."""
        if rows:
            self.manifest.planted_faults.append(Fault(fault, file, column, month, rows, expected_check))

    def plant_encoding(self, file: str, *, is_plain: bool) -> None:
        """Note a file in Windows-1252, unless it holds nothing but letters that UTF-8 writes the same."""
        self.plant("file in Windows-1252", file, "encoding_cp1252", rows=int(not is_plain))

    def finish(self) -> Manifest:
        """Write the manifest, last of all: a folder without one is not whole."""
        write_whole(self.manifest.path, self.manifest.as_text().encode())
        return self.manifest


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` beside `path` and rename it there, so that nobody sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(data)
    os.replace(partial, path)


def csv_bytes(table: pa.Table, *, eol: str = "\n", encoding: str = "utf-8", heading: bool = True) -> bytes:
    """`table` as CSV without quotes, as the publishers write it. No value may hold a comma or a quote."""
    buffer = io.BytesIO()
    options = pa.csv.WriteOptions(include_header=False, quoting_style="none", eol=eol)
    pa.csv.write_csv(table, buffer, options)
    text = (",".join(table.column_names) + eol).encode() * heading + buffer.getvalue()
    return text if encoding == "utf-8" else text.decode().encode(encoding)


def pick(values: list[str | None], index) -> pa.Array:
    """The value at each position of `index`: a column made from a short list."""
    return pa.array(values, pa.string()).take(pa.array(index))


def same(value: str | None, rows: int) -> pa.Array:
    """A column of one value; None is a blank."""
    return pa.repeat(pa.scalar(value, pa.string()), rows)
