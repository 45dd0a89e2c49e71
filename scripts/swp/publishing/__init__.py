"""Publishing: a copy of the warehouse for readers, swapped in whole.

Readers open `published/current/<profile>/community_safety.duckdb` with access mode read-only. They never
touch the build's own files, so neither blocks the other. A reader that stays connected keeps the
publication that it opened, even after that one is pruned; it sees the next one when it connects anew
(within one process: after all its connections to the old one are closed).

Published files are 0444, so DuckDB cannot open them read-write. An account to which permission bits do not
apply (root) could: read-only mode is then the only guard, and DuckDB refuses every change under it.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from swp import __version__
from swp.errors import WrongUse
from swp.paths import Home
from swp.publishing import controlled_copy, folders
from swp.publishing.copying import (
    FILE_NAME,
    CopiedTable,
    Progress,
    copy_profile,
    home_facts,
    relations_of,
    warehouse_reader,
)
from swp.publishing.folders import Publication, current, publications, rollback
from swp.publishing.profiles import PROFILES
from swp.publishing.workbooks import Edition, write_workbooks

__all__ = ["Publication", "current", "publications", "publish", "rollback"]


def publish(
    home: Home,
    *,
    keep: int = 5,
    progress: Progress | None = None,
    companions: Sequence[Callable[[Path, str], object]] = (),
) -> Publication:
    """Copy the warehouse of `home` into a new publication, point `current` at it, and return it.

    The caller holds the run lock. The newest `keep` publications stay, and in any case the current one.
    `progress` is called before each table with its number, how many there are, and `schema.table`; each of
    `companions` with the DuckDB file and the name of every profile, to write beside it what describes it.
    Raises `SwpError` where there is no warehouse, it is being built, or a table or view cannot be copied;
    `current` is then as it was. Raises `WrongUse` for a `keep` below 1.
    """
    if keep < 1:
        raise WrongUse("At least one publication has to be kept.")
    home.ensure()
    at = datetime.now(UTC)
    building = folders.start(home, folders.new_id(home, at), _mode_of_publication())
    try:
        tables = []
        kept = [kept.folder / "internal" for kept in publications(home)]
        with warehouse_reader(
            home, building, [path / controlled_copy.SUPPRESSION for path in kept]
        ) as connection:
            as_of, synthetic = home_facts(connection)
            suppression, is_worked_out = None, False
            for profile in PROFILES:
                folder = building / profile.name
                folder.mkdir()
                relations = relations_of(connection, profile.schemas)
                if profile.is_controlled:
                    if not is_worked_out:
                        suppression = controlled_copy.work_out(connection, kept, building / "internal")
                        is_worked_out = True
                    has_figures = suppression is not None
                    queries = controlled_copy.queries(connection, relations, profile, has_figures)
                else:
                    queries = {relation: relation.query for relation in relations}
                tables += copy_profile(connection, profile, folder, queries, progress)
                write_workbooks(folder / FILE_NAME, folder / "workbooks", Edition(profile.name, at, as_of))
                for write in companions:
                    write(folder / FILE_NAME, profile.name)
                for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
                    inner.chmod(profile.folder_mode)
        unproved = 0 if suppression is None else int(suppression.unproved.sum())
        _write_manifest(building, at, as_of, synthetic, tables, unproved)
        folders.seal(building)
        publication = folders.release(home, building)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    folders.prune(home, keep)
    return publication


def _mode_of_publication() -> int:
    """Whoever may enter a profile may enter the folder above it."""
    mode = 0
    for profile in PROFILES:
        mode |= profile.folder_mode
    return mode


def _write_manifest(
    building: Path,
    at: datetime,
    as_of: str | None,
    synthetic: bool | None,
    tables: list[CopiedTable],
    unproved: int,
) -> None:
    manifest = {
        "id": building.name.removeprefix(folders.BUILDING),
        "published_at": at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "as_of": as_of,
        "product_version": __version__,
        "synthetic": synthetic,
        "unproved_small_counts": unproved,
        "profiles": [profile.name for profile in PROFILES],
        "files": folders.describe_files(building),
        "tables": [asdict(table) for table in tables],
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (building / folders.MANIFEST).write_text(text + "\n", encoding="utf-8")
