"""`swp land` and `swp check`: files in, verdicts out."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from swp.contracts import Contract, load_contracts
from swp.errors import Rejection, WrongUse
from swp.gate import Inspection, inspect
from swp.gate.inspection import rejected
from swp.landing import archive, ledger, report
from swp.paths import Home
from swp.reading import Member, members

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
    """The files that `paths` name; folders are walked, hidden files and the sample's manifest left out."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            yield from (
                found
                for found in sorted(path.rglob("*"))
                if (found.is_file() or found.is_symlink())
                and found.name != MANIFEST
                and not any(part.startswith(".") for part in found.relative_to(path).parts)
            )
        elif path.exists() or path.is_symlink():
            yield path
        else:
            raise WrongUse(f"There is no file or folder '{path}'.")


def _sample_entry(path: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The sample manifest and its entry for this very file, when the sample generator wrote it."""
    for folder in list(path.absolute().parents)[:4]:
        manifest = folder / MANIFEST
        if manifest.is_file():
            document = json.loads(manifest.read_text(encoding="utf-8"))
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            for entry in document["files"]:
                if entry["sha256"] == digest:
                    return document, entry
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
        return Outcome(member.name, "already_landed", None, known, report.write(connection, home, known))
    here = ledger.home_kind(connection)
    given = "sample" if sender.is_sample else "real"
    if here and here != given:
        words = {"sample": "synthetic sample", "real": "real"}
        message = MIXING.format(here=words[here], given=words[given])
        inspection = rejected(member, Rejection("sample_and_real_are_apart", message))
        return Outcome(member.name, "rejected", inspection)
    inspection = inspect(
        connection, member, load_contracts().values(), source=source, context=ledger.context(connection)
    )
    provenance = sender.provenance(inspection.contract, member, ledger.as_of(connection))
    if not inspection.is_rejected:
        ledger.settle_home(connection, sender.is_sample, sender.as_of, sender.registered_gaps)
        place = archive.store(home, member, inspection.contract.name)
        provenance = ledger.Provenance(
            provenance.published_on, provenance.published_on_basis, provenance.data_origin, place
        )
    delivery_id = ledger.record(
        connection, inspection, provenance, datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    )
    return Outcome(
        member.name,
        inspection.verdict,
        inspection,
        delivery_id,
        report.write(connection, home, delivery_id),
    )


def _refused(name: str, path: Path, rejection: Rejection) -> Outcome:
    member = Member(path, name, path.name, "unknown", "")
    return Outcome(name, "rejected", rejected(member, rejection))


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
                outcome = _refused(found.name, path, found.rejection)
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
        for found in members(path, scratch):
            if isinstance(found, Member):
                if known := ledger.already_landed(connection, found.content_sha256):
                    outcome = Outcome(found.name, "already_landed", None, known)
                else:
                    inspection = inspect(
                        connection, found, load_contracts().values(), source=source, context=context
                    )
                    outcome = Outcome(found.name, inspection.verdict, inspection)
            else:
                outcome = _refused(found.name, path, found.rejection)
            outcomes.append(outcome)
            told(outcome)
    return outcomes
