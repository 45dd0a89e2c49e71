"""The folders of `published/`: identifiers, the swap of `current`, listing, pruning, going back."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from swp.errors import SwpError
from swp.paths import Home

ID = re.compile(r"(\d{8}T\d{6}Z)(?:-(\d+))?")
MANIFEST = "manifest.json"
BUILDING, REMOVING = ".building-", ".removing-"


@dataclass(frozen=True)
class Publication:
    """A finished publication: `rows` and `tables` over all profiles, `size_bytes` of its data files.

    `unproved` small counts are hidden, but were not proven against all sums together.
    """

    id: str
    folder: Path
    tables: int
    rows: int
    size_bytes: int
    profiles: tuple[str, ...]
    unproved: int


def publications(home: Home) -> list[Publication]:
    """The publications that are kept, oldest first; an empty list where nothing has been published."""
    return [_read(home.published / publication_id) for publication_id in _ids(home)]


def current(home: Home) -> Publication | None:
    """The publication that readers get now, None where there is none."""
    if not home.current_publication.is_symlink():
        return None
    publication_id = os.readlink(home.current_publication)
    return _read(home.published / publication_id) if publication_id in _ids(home) else None


def rollback(home: Home) -> Publication:
    """Point `current` at the publication before it, in order of time, and return that one.

    The one left behind stays in its folder. Raises `SwpError` where there is none before it.
    """
    now = current(home)
    if now is None:
        raise SwpError("Nothing has been published yet. Run 'swp publish'.")
    ids = _ids(home)
    position = ids.index(now.id)
    if position == 0:
        raise SwpError(f"There is no publication before {now.id}. Publish again to replace it.")
    point_current(home, ids[position - 1])
    return _read(home.published / ids[position - 1])


def new_id(home: Home, at: datetime) -> str:
    """An identifier for a publication at `at` (UTC) that sorts last, even where the clock went back."""
    stamp, suffix = f"{at:%Y%m%dT%H%M%SZ}", 1
    if ids := _ids(home):
        newest, number = _sort_key(ids[-1])
        if newest >= stamp:
            stamp, suffix = newest, number + 1
    return stamp if suffix == 1 else f"{stamp}-{suffix}"


def start(home: Home, publication_id: str, mode: int) -> Path:
    """Make the hidden folder in which the publication is built; what interrupted ones left is removed."""
    home.published.mkdir(parents=True, exist_ok=True)
    for leftover in (*home.published.glob(f"{BUILDING}*"), *home.published.glob(f"{REMOVING}*")):
        shutil.rmtree(leftover)
    building = home.published / f"{BUILDING}{publication_id}"
    building.mkdir()
    building.chmod(mode)
    return building


def describe_files(building: Path) -> list[dict]:
    """Path, bytes and sha256 of every file below `building`, sorted by path."""
    described = []
    for file in sorted(path for path in building.rglob("*") if path.is_file()):
        with open(file, "rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        path = file.relative_to(building).as_posix()
        described.append({"path": path, "bytes": file.stat().st_size, "sha256": digest})
    return described


def seal(building: Path) -> None:
    """Make every file read-only (0444) and wait until files and folders are on the disk."""
    for path in (*building.rglob("*"), building):
        if path.is_file():
            path.chmod(0o444)
        _sync(path)


def release(home: Home, building: Path) -> Publication:
    """Give the sealed folder its final name, then point `current` at it: readers see the old or the new."""
    final = home.published / building.name.removeprefix(BUILDING)
    os.rename(building, final)
    point_current(home, final.name)
    return _read(final)


def point_current(home: Home, publication_id: str) -> None:
    """Replace the symlink `current` in one step."""
    waiting = home.published / ".current-next"
    waiting.unlink(missing_ok=True)
    waiting.symlink_to(publication_id)
    # The publication's own name has to be on the disk before a link that leads to it.
    _sync(home.published)
    os.replace(waiting, home.current_publication)
    _sync(home.published)


def prune(home: Home, keep: int) -> None:
    """Remove all but the newest `keep` publications; the one that `current` names always stays."""
    now = current(home)
    for publication_id in _ids(home)[:-keep]:
        if now is None or publication_id != now.id:
            # Renamed first, so that an interruption never leaves a half of one under its name.
            doomed = home.published / f"{REMOVING}{publication_id}"
            os.rename(home.published / publication_id, doomed)
            shutil.rmtree(doomed)


def _ids(home: Home) -> list[str]:
    return sorted(_finished(home.published), key=_sort_key)


def _finished(published: Path) -> Iterator[str]:
    if published.is_dir():
        for folder in published.iterdir():
            if ID.fullmatch(folder.name) and (folder / MANIFEST).is_file():
                yield folder.name


def _sort_key(publication_id: str) -> tuple[str, int]:
    stamp, suffix = ID.fullmatch(publication_id).groups()
    return stamp, int(suffix or 1)


def _read(folder: Path) -> Publication:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Publication(
        id=folder.name,
        folder=folder,
        tables=len(manifest["tables"]),
        rows=sum(table["rows"] for table in manifest["tables"]),
        size_bytes=sum(file["bytes"] for file in manifest["files"]),
        profiles=tuple(manifest["profiles"]),
        unproved=manifest.get("unproved_small_counts", 0),
    )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
