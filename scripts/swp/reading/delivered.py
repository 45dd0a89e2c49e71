"""What a path delivers: the file itself, or the entries of a zip, one level deep."""

import errno
import hashlib
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from swp.errors import Rejection
from swp.reading import archives, formats
from swp.reading.content import open_gzip, open_plain, too_large
from swp.reading.encodings import Survey, Surveyor
from swp.reading.limits import BLOCK_BYTES, LIMITS, Limits
from swp.reading.wording import printable


@dataclass(frozen=True)
class Member:
    """One deliverable file: the path itself, or one entry of a zip."""

    path: Path  # a local file that can be read; a zip entry lies extracted in scratch
    name: str  # what to show: 'street.csv', or 'download.zip > 2023-01/x-street.csv'
    file_name: str  # base name, for the patterns of the contracts
    format: str  # by its content: 'csv', 'csv.gz', 'xlsx', 'geojson', 'parquet'
    content_sha256: str  # of the decompressed content: x.csv and x.csv.gz are the same
    survey: Survey | None = None  # of a text
    limits: Limits = LIMITS

    @property
    def is_compressed(self) -> bool:
        return self.format.endswith(".gz")

    def open(self) -> BinaryIO:
        """The content as bytes, decompressed."""
        return open_gzip(self.path, self.limits) if self.is_compressed else open_plain(self.path)


@dataclass(frozen=True)
class Refused:
    """A path, or an entry of a zip, that cannot be taken."""

    name: str
    rejection: Rejection


def members(path: Path, scratch: Path, limits: Limits = LIMITS) -> Iterator[Member | Refused]:
    """What `path` delivers. Zip entries are extracted into `scratch` under names of our own.

    Every file is read once, in blocks, for its checksum and its encoding. Whatever cannot be taken
    comes out as a Refused, so that the other entries of an archive still come.
    """
    name = printable(path.name)
    try:
        kind = _kind(path, limits)
        if kind == "zip":
            yield from _entries(path, scratch, limits)
        else:
            yield _member(path, name, path.name, kind, limits)
    except Rejection as rejection:
        yield Refused(name, rejection)
    except OSError as error:
        yield Refused(name, _unreadable(error))


def _unreadable(error: OSError) -> Rejection:
    if error.errno in (errno.EACCES, errno.EPERM):
        return Rejection(
            "not_permitted",
            "The file may not be read by this account. Change its permissions or copy it again.",
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG):
        return Rejection("not_found", "There is no such file. Check the name and the folder.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Rejection("no_space", "The disk is full, so the file could not be unpacked. Free some space.")
    return Rejection("not_readable", "The file could not be read from the disk. Copy it again and retry.")


def _kind(path: Path, limits: Limits) -> str:
    """The kind of file at `path`, by its content; raises Rejection or OSError."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        raise Rejection("symbolic_link", "This is a link to a file elsewhere. Copy the file itself here.")
    if not stat.S_ISREG(mode):
        raise Rejection("not_a_file", "This is not a file but a folder or a device. Give the file itself.")
    with open_plain(path) as file:
        kind = formats.of_content(file.read(formats.HEAD_BYTES))
    if kind == "gz":
        with open_gzip(path, limits) as file:
            return f"{_inside_gzip(file.read(formats.HEAD_BYTES))}.gz"
    return formats.of_archive(path) if kind == "zip" else kind


def _inside_gzip(head: bytes) -> str:
    kind = formats.of_content(head)
    if kind in ("gz", "zip"):
        raise archives.archive_in_archive()
    if kind != "csv":
        raise Rejection(
            "format_not_accepted",
            f"This is a compressed {kind} file; only CSV is taken so. Send it uncompressed.",
        )
    return kind


def _member(path: Path, name: str, file_name: str, kind: str, limits: Limits) -> Member:
    digest = hashlib.sha256()
    is_text = kind in ("csv", "csv.gz", "geojson")
    length = path.stat().st_size
    _check_size(path, kind, length, limits)
    with open_gzip(path, limits) if kind.endswith(".gz") else open_plain(path) as file:
        head = file.read(BLOCK_BYTES)
        surveyor = Surveyor(head) if is_text else None
        while head:
            digest.update(head)
            if surveyor:
                surveyor.feed(head)
            head = file.read(BLOCK_BYTES)
    survey = surveyor.result() if surveyor else None
    if survey and survey.nul_line:
        raise Rejection(
            "not_text",
            f"Line {survey.nul_line:,} of the file holds NUL bytes, so it is not plain text (or is UTF-16 "
            "without its mark). Save it as UTF-8 (in Excel: Save as, 'CSV UTF-8') and send that.",
        )
    return Member(path, name, file_name, kind, digest.hexdigest(), survey, limits)


def _check_size(path: Path, kind: str, length: int, limits: Limits) -> None:
    limit = {"geojson": limits.features, "xlsx": limits.workbook}.get(kind, limits.content)
    if length > limit:
        raise too_large(limit)
    if kind == "xlsx":
        archives.check_workbook(path, limits)


def _entries(path: Path, scratch: Path, limits: Limits) -> Iterator[Member | Refused]:
    scratch.mkdir(parents=True, exist_ok=True)
    taken = found = 0
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if archives.is_delivered(entry)]
        if len(entries) > limits.entries:
            raise Rejection(
                "archive_too_large",
                f"The archive holds more than {limits.entries:,} files. Send it in parts.",
            )
        for entry in entries:
            found += 1
            shown = f"{printable(path.name)} > {printable(entry.filename)}"
            try:
                extracted = archives.extract(archive, entry, scratch, limits, limits.archive - taken)
                taken += extracted.stat().st_size
                yield _entry(extracted, shown, entry, limits)
            except Rejection as rejection:
                yield Refused(shown, rejection)
            except OSError as error:
                yield Refused(shown, _unreadable(error))
    if not found:
        raise Rejection("file_is_empty", "The archive holds no files. Send one that does.")


def _entry(extracted: Path, shown: str, entry: zipfile.ZipInfo, limits: Limits) -> Member:
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Rejection(
            "symbolic_link", "This is a link to a file elsewhere. Put the file itself into the archive."
        )
    kind = _kind(extracted, limits)
    if kind == "zip":
        raise archives.archive_in_archive()
    return _member(extracted, shown, PurePosixPath(entry.filename.replace("\\", "/")).name, kind, limits)
