"""Writing the sample's files, and the manifest that says what they are."""

import gzip
import hashlib
import io
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

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


class Deliveries:
    """The folder that the files go to, and the manifest as it grows."""

    def __init__(self, folder: Path, seed: int, scale: float, progress: Callable[[str], None] | None = None):
        self.manifest = Manifest(folder, seed, scale)
        self.progress = progress
        folder.mkdir(parents=True, exist_ok=True)
        self.manifest.path.unlink(missing_ok=True)

    def add(self, source: str, name: str, content: bytes, *, published: str, rows: int) -> str:
        """Write `content` as <source>/<name> in one step; a name that ends in .gz is compressed here."""
        data = gzip.compress(content, compresslevel=4, mtime=0) if name.endswith(".gz") else content
        file = f"{source}/{name}"
        write_whole(self.manifest.folder / file, data)
        digest = hashlib.sha256(data).hexdigest()
        self.manifest.files.append(Delivered(file, source, published, rows, digest))
        if self.progress:
            self.progress(file)
        return file

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


def csv_bytes(table: pa.Table, *, eol: str = "\n", encoding: str = "utf-8") -> bytes:
    """`table` as CSV without quotes, as the publishers write it. No value may hold a comma or a quote."""
    buffer = io.BytesIO()
    options = pa.csv.WriteOptions(include_header=False, quoting_style="none", eol=eol)
    pa.csv.write_csv(table, buffer, options)
    text = (",".join(table.column_names) + eol).encode() + buffer.getvalue()
    return text if encoding == "utf-8" else text.decode().encode(encoding)


def pick(values: list[str | None], index) -> pa.Array:
    """The value at each position of `index`: a column made from a short list."""
    return pa.array(values, pa.string()).take(pa.array(index))


def same(value: str | None, rows: int) -> pa.Array:
    """A column of one value; None is a blank."""
    return pa.repeat(pa.scalar(value, pa.string()), rows)
