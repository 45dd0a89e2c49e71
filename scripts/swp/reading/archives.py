"""Zip archives and workbooks, which are zips too: sizes are counted, names are never used."""

import errno
import lzma
import os
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from swp.errors import Rejection
from swp.reading.content import too_dense, too_large
from swp.reading.encodings import blocks
from swp.reading.formats import damaged
from swp.reading.limits import Limits
from swp.reading.wording import size

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    RuntimeError,
)


def archive_in_archive() -> Rejection:
    return Rejection(
        "archive_in_archive",
        "This is an archive inside an archive. Unpack the inner one and send its files, or zip them once.",
    )


def encrypted() -> Rejection:
    return Rejection(
        "archive_encrypted",
        "The archive has a password. Send it without one, over the secure channel of the agreement.",
    )


def is_delivered(entry: zipfile.ZipInfo) -> bool:
    """Is the entry a file that somebody meant to send? macOS and editors leave others."""
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    return not entry.is_dir() and "__MACOSX" not in parts and not (parts and parts[-1].startswith("."))


def extract(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, scratch: Path, limits: Limits, left: int
) -> Path:
    """The entry as a file in `scratch`; its own name is never used. Sizes are counted, not believed."""
    limit = min(limits.content, left)
    if entry.flag_bits & 1:
        raise encrypted()
    if entry.file_size > limit:
        raise too_large(limit)
    handle, name = tempfile.mkstemp(prefix="entry-", dir=scratch)
    target, written = Path(name), 0
    try:
        with os.fdopen(handle, "wb") as file, archive.open(entry) as content:
            for block in blocks(content):
                written += len(block)
                if written > limit:
                    raise too_large(limit)
                if written > limits.ratio_from and written > limits.ratio * max(entry.compress_size, 1):
                    raise too_dense()
                file.write(block)
    except _DAMAGE:
        target.unlink(missing_ok=True)
        raise damaged() from None
    except OSError as error:
        target.unlink(missing_ok=True)
        raise (damaged() if _is_damage(error) else error) from None
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


def _is_damage(error: OSError) -> bool:
    """Did a wrong offset or data stream in the archive cause it, and not the disk?"""
    return error.errno in (None, errno.EINVAL)


def check_workbook(path: Path, limits: Limits) -> None:
    """A workbook is a zip: its parts are unpacked once, to nowhere, so that no declared size is believed."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > limits.workbook or len(parts) > limits.entries:
                raise Rejection(
                    "file_too_large",
                    f"The workbook unpacks to more than {size(limits.workbook)}. Send the table as CSV.",
                )
            for part in parts:
                if part.flag_bits & 1:
                    raise encrypted()
                with archive.open(part) as content:
                    for _ in blocks(content):
                        pass
    except _DAMAGE:
        raise damaged() from None
    except OSError as error:
        raise (damaged() if _is_damage(error) else error) from None
