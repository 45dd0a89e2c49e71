"""The bytes of a file, decompressed as they are read, within limits."""

import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO

from swp.errors import Rejection
from swp.reading.formats import damaged
from swp.reading.limits import BLOCK_BYTES, LIMITS, Limits
from swp.reading.wording import size


def too_large(limit: int) -> Rejection:
    return Rejection(
        "file_too_large",
        f"Unpacked, the file is larger than {size(limit)}. Send it in parts, for instance a file per year.",
    )


def too_dense() -> Rejection:
    return Rejection(
        "compressed_too_far",
        "The file unpacks to hundreds of times its size, as no table does. Send it uncompressed, or ask the "
        "data steward.",
    )


class _GuardedGzip(io.RawIOBase):
    """A gzip stream that stops at its limits and calls damage by its name."""

    def __init__(self, path: Path, limits: Limits):
        self._file = gzip.open(path, "rb")  # noqa: SIM115 - closed with this stream
        self._compressed = path.stat().st_size
        self._limits = limits
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        try:
            count = self._file.readinto(buffer)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise damaged() from None
        self._read += count
        if self._read > self._limits.content:
            raise too_large(self._limits.content)
        if self._read > self._limits.ratio_from and self._read > self._limits.ratio * self._compressed:
            raise too_dense()
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def open_plain(path: Path) -> BinaryIO:
    return path.open("rb")


def open_gzip(path: Path, limits: Limits = LIMITS) -> BinaryIO:
    """The decompressed bytes. Reading raises Rejection where the file is damaged or over a limit."""
    return io.BufferedReader(_GuardedGzip(path, limits), buffer_size=BLOCK_BYTES)
