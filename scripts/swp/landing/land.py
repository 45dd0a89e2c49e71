"""`swp land` and `swp check`: files in, verdicts out."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from swp.contracts import Contract, load_contracts
from swp.errors import Rejection, SwpError, WrongUse
from swp.gate import Finding, Inspection, inspect
from swp.gate.inspection import rejected
from swp.landing import archive, ledger, report
from swp.lifecycle import redaction, tombstones
from swp.paths import Home
from swp.reading import Member, Refused, members
from swp.reading.wording import printable

MANIFEST = "sample_manifest.json"
MIXING = (
    "This home holds {here} deliveries and the file is {given}: the two are never mixed. Use another home "
    "(SWP_HOME=...), or remove the sample with 'swp sample --remove'."
)


@dataclass(frozen=True)
class Outcome:
    """What became of one file: `name` as the sender knows it, its verdict, and where the report lies."""

    name: str
    verdict: str
    inspection: Inspection | None = None
    delivery_id: str | None = None
    report: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints; DESIGN names its keys."""
        found = self.inspection
        return {
            "file": self.name,
            "delivery_id": self.delivery_id,
            "source": found.contract.name if found and found.contract else None,
            "verdict": self.verdict,
            "rows_read": found.rows_read if found else 0,
            "rows_delivered": found.rows_delivered if found else 0,
            "rows_accepted": found.rows_accepted if found else 0,
            "rows_quarantined": found.rows_delivered - found.rows_accepted if found else 0,
            "findings": [
                {
                    "check": finding.check,
                    "severity": finding.severity,
                    "column": finding.column,
                    "count": finding.count,
                    "message": finding.message,
                }
                for finding in (found.failed if found else [])
            ],
            "report": self.report,
        }


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that `paths` name; folders are walked, hidden files and the sample's manifest left out.

    Raises WrongUse, before the first file comes, where a path is not there.
    """
    paths = list(paths)
    for path in paths:
        if not os.path.lexists(path):
            raise WrongUse(f"There is no file or folder '{path}'.")
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            yield from (
                found
                for found in sorted(path.rglob("*"))
                if (found.is_file() or found.is_symlink())
                and found.name != MANIFEST
                and not any(part.startswith(".") for part in found.relative_to(path).parts)
            )
        else:
            yield path


def _sample_entry(path: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The sample manifest and its entry for this very file, when the sample generator wrote it.

    Raises SwpError for a manifest that cannot be read: its files would else land as real ones.
    """
    for folder in list(path.absolute().parents)[:4]:
        manifest = folder / MANIFEST
        if manifest.is_file():
            document, entries = _manifest(manifest, manifest.stat().st_mtime_ns)
            if entry := entries.get(_digest(path)):
                return document, entry
    return None


@lru_cache(maxsize=1)
def _manifest(path: Path, _written_ns: int) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The manifest, and its entries by checksum; read once for all files of a sample."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        entries = {entry["sha256"]: entry for entry in document["files"]}
        date.fromisoformat(document["as_of"])
    except (ValueError, KeyError, TypeError):
        raise SwpError(
            f"{path} is damaged, so it cannot be told which files are of the sample. Write the "
            "sample again with 'swp sample', or remove the manifest if the files are real."
        ) from None
    return document, entries


def _digest(path: Path) -> str | None:
    """The checksum of the bytes at `path`; None where they cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _published_in_name(contract: Contract, name: str) -> date | None:
    found = contract.published_from_name and re.search(contract.published_from_name, name)
    return date.fromisoformat(found[1]) if found else None


class _Sender:
    """One given path: whether it is of the sample, and when it was published."""

    def __init__(self, path: Path, published: date | None):
        found = None if path.is_symlink() or not path.is_file() else _sample_entry(path)
        self.is_sample = found is not None
        self.as_of = date.fromisoformat(found[0]["as_of"]) if found else None
        self.registered_gaps = found[0].get("registered_gaps", []) if found else []
        self.given = published
        self.stated = (
            date.fromisoformat(found[1]["published"]) if found and found[1].get("published") else None
        )

    def provenance(self, contract: Contract | None, member: Member, today: date) -> ledger.Provenance:
        origin = "synthetic" if self.is_sample else (contract.origin if contract else None)
        stated = self.stated or (contract and _published_in_name(contract, member.file_name))
        if self.given:
            return ledger.Provenance(self.given, "given", origin)
        if stated:
            return ledger.Provenance(stated, "file", origin)
        return ledger.Provenance(today, "landed", origin)


def _land_member(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    member: Member,
    sender: _Sender,
    source: str | None,
) -> Outcome:
    if known := ledger.already_landed(connection, member.content_sha256):
        return Outcome(member.name, "already_landed", None, known, _write_reports(connection, home, known))
    if mixing := _mixing(connection, sender):
        return Outcome(member.name, "rejected", rejected(member, mixing))
    if sender.is_sample:
        # The sample's date and register rule already how its first file is judged.
        ledger.settle_as_sample(connection, sender.as_of, sender.registered_gaps)
    inspection = inspect(
        connection, member, load_contracts().values(), source=source, context=ledger.context(connection)
    )
    provenance = sender.provenance(inspection.contract, member, ledger.as_of(connection))
    if inspection.is_rejected:
        ledger.unsettle_if_empty(connection)
    else:
        _question_date(inspection, provenance)
        kept = _without_erased(connection, home, inspection)
        place = archive.store(home, kept, inspection.contract.name)
        redacted = kept.content_sha256 if kept is not member else None
        provenance = replace(provenance, archived_as=place, redacted_sha256=redacted)
    return _recorded(connection, home, inspection, provenance, sender)


def _without_erased(connection: duckdb.DuckDBPyConnection, home: Home, inspection: Inspection) -> Member:
    """The file to archive: as it came, or written again where it holds rows of persons who were erased."""
    if not tombstones.find_delivered(connection, home, inspection.contract):
        return inspection.member
    rows = connection.execute("select row_number from tombstoned").fetchall()
    return redaction.rewrite(inspection.member, inspection.match, {row for (row,) in rows}, home.scratch)


def _question_date(inspection: Inspection, provenance: ledger.Provenance) -> None:
    """Warn where a file holds months after the day on which it is said to have been published."""
    _, end = inspection.profile.period
    if end and end.replace(day=1) > provenance.published_on:
        inspection.add(
            Finding(
                "published_after_its_months",
                "warning",
                False,
                f"The file holds {end:%B %Y}, but is said to have been published on "
                f"{provenance.published_on:%d %B %Y}. Please give its true date with --published.",
                "accuracy",
            )
        )


def _recorded(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    inspection: Inspection,
    provenance: ledger.Provenance,
    sender: _Sender,
) -> Outcome:
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    delivery_id = ledger.record(connection, inspection, provenance, now)
    written = _write_reports(connection, home, delivery_id)
    return Outcome(inspection.member.name, inspection.verdict, inspection, delivery_id, written)


def _write_reports(connection: duckdb.DuckDBPyConnection, home: Home, delivery_id: str) -> str:
    """Write the text, the page and the workbook of one delivery; return the text's file name."""
    from swp.steward import delivery_report  # it reads what landing writes

    delivery_report.write_all(connection, home, delivery_id)
    return report.write(connection, home, delivery_id)


def _mixing(connection: duckdb.DuckDBPyConnection, sender: _Sender) -> Rejection | None:
    """Why the file may not come into this home: one holds the sample or real deliveries, never both."""
    here = ledger.home_kind(connection)
    given = "sample" if sender.is_sample else "real"
    if here in (None, given):
        return None
    words = {"sample": "synthetic sample", "real": "real"}
    message = MIXING.format(here=words[here], given=words[given])
    return Rejection("sample_and_real_are_apart", message)


def _refusal(path: Path, refused: Refused) -> Inspection:
    """The inspection of a file, or an entry of an archive, that could not even be opened."""
    digest = (_digest(path) if path.is_file() and not path.is_symlink() else None) or ""
    if not digest or refused.name != printable(path.name):
        digest = hashlib.sha256(f"{digest} {refused.name}".encode()).hexdigest()
    member = Member(path, refused.name, refused.name, "unknown", digest)
    return rejected(member, refused.rejection)


def land(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    paths: Iterable[Path],
    *,
    source: str | None = None,
    published: date | None = None,
    told: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Land every file of `paths`; `told` hears each outcome as it comes.

    The caller holds the run lock and has attached the vault. A rejected file changes nothing that was
    loaded; content landed before is a no-op.
    """
    outcomes = []
    for path in files_of(paths):
        sender = _Sender(path, published)
        for found in members(path, home.scratch):
            if isinstance(found, Member):
                outcome = _land_member(connection, home, found, sender, source)
            else:
                inspection = _refusal(path, found)
                provenance = sender.provenance(None, inspection.member, ledger.as_of(connection))
                outcome = _recorded(connection, home, inspection, provenance, sender)
            outcomes.append(outcome)
            told(outcome)
    return outcomes


def check(
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    paths: Iterable[Path],
    *,
    source: str | None = None,
    told: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """The gate's verdict on every file of `paths`; nothing is stored."""
    outcomes = []
    context = ledger.context(connection)
    for path in files_of(paths):
        sender = _Sender(path, None)
        for found in members(path, scratch):
            if isinstance(found, Member):
                if known := ledger.already_landed(connection, found.content_sha256):
                    outcome = Outcome(found.name, "already_landed", None, known)
                elif mixing := _mixing(connection, sender):
                    outcome = Outcome(found.name, "rejected", rejected(found, mixing))
                else:
                    inspection = inspect(
                        connection, found, load_contracts().values(), source=source, context=context
                    )
                    outcome = Outcome(found.name, inspection.verdict, inspection)
            else:
                outcome = Outcome(found.name, "rejected", _refusal(path, found))
            outcomes.append(outcome)
            told(outcome)
    return outcomes
