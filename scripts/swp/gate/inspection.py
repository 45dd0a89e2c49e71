"""Inspecting one file: recognise, read, find faults, profile, judge. Nothing is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from swp.contracts import Contract
from swp.errors import Rejection
from swp.gate import findings, flags, judgement, row_faults
from swp.gate.findings import Finding
from swp.gate.profile import Profile, measure, publisher_of
from swp.reading import Match, Member, load, recognise


@dataclass
class Inspection:
    """What the gate says of one file. `profile` and `match` are None when the file could not be read.

    After `inspect`, temp tables `delivered` (all well-formed rows), `delivered_malformed` and `faults`
    hold the rows; landing takes them from there.
    """

    member: Member
    verdict: str
    findings: list[Finding] = field(default_factory=list)
    match: Match | None = None
    profile: Profile | None = None
    rows_read: int = 0
    rows_quarantined: int = 0
    rows_malformed: int = 0

    @property
    def contract(self) -> Contract | None:
        return self.match.contract if self.match else None

    @property
    def is_rejected(self) -> bool:
        return self.verdict == "rejected"

    @property
    def rows_delivered(self) -> int:
        """Rows that were taken over, or set aside; none of a rejected file."""
        return 0 if self.is_rejected else self.rows_read

    @property
    def rows_accepted(self) -> int:
        return self.rows_delivered - (0 if self.is_rejected else self.rows_quarantined)

    def add(self, finding: Finding) -> None:
        """Take a finding that was made outside the gate into the verdict."""
        self.findings.append(finding)
        self.verdict = _verdict(self.findings)

    @property
    def failed(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.passed]


def rejected(member: Member, rejection: Rejection, match: Match | None = None, rows: int = 0) -> Inspection:
    """The inspection of a file that could not be read."""
    finding = Finding(rejection.check, "reject", False, rejection.message, "validity", rejection.column, 1, 1)
    return Inspection(member, "rejected", [finding], match, rows_read=rows)


@dataclass(frozen=True)
class Context:
    """What the ledger knows that judgement needs."""

    # Registered and unexpired gaps: (source, column name) -> words for the finding.
    gaps: dict[tuple[str, str], str] = field(default_factory=dict)
    # Rows of accepted deliveries by source, publisher and month.
    usual: dict[str, dict[tuple[str, date], int]] = field(default_factory=dict)


def _register_gaps(found: Iterable[Finding], contract: Contract, context: Context) -> list[Finding]:
    """Findings about a field whose gap is registered become information."""
    names = {column.label: column.name for column in contract.columns}
    told = []
    for finding in found:
        gap = context.gaps.get((contract.name, names.get(finding.column or "", "")))
        if gap and not finding.passed and finding.check in ("column_is_delivered", "column_is_filled"):
            fields = {**finding.__dict__, "severity": "info", "message": f"{finding.message} {gap}"}
            finding = Finding(**fields)
        told.append(finding)
    return told


def _known_publishers(contract: Contract, file_name: str) -> frozenset[str]:
    """The publishers that the contract or the file's name states: they may be named in messages."""
    stated = publisher_of(contract, file_name)
    return frozenset(
        {publisher for publisher, _ in contract.scope.area_groups} | ({stated} if stated else set())
    )


def _judge(inspection: Inspection, context: Context, faults: str) -> list[Finding]:
    contract, measured = inspection.contract, inspection.profile
    unexpected = [heading for heading, _ in inspection.match.unexpected]
    numbers = judgement.file_metrics(
        measured, inspection.rows_quarantined, inspection.rows_malformed, len(unexpected)
    )
    months: list[dict[str, Any]] = judgement.month_metrics(
        measured,
        context.usual.get(contract.name, {}),
        _known_publishers(contract, inspection.member.file_name),
    )
    frame = [
        {"month": "(file)", **numbers},
        *({key: row[key] for key in ("month", "cut_short", "missing", "unusual")} for row in months),
    ]
    checks = judgement.checks_of(contract)
    failures = judgement.failing(frame, [*checks, *judgement.MONTH_CHECKS], "month")
    told = [
        findings.of_file(check, place in failures, contract, measured, numbers, unexpected, faults)
        for place, check in enumerate(checks)
    ]
    if months:
        told += [
            findings.of_months(check, failures.get(place, []), months)
            for place, check in enumerate(judgement.MONTH_CHECKS, len(checks))
        ]
    return _register_gaps(told, contract, context)


def _verdict(found: Iterable[Finding]) -> str:
    severities = {finding.severity for finding in found if not finding.passed}
    if "reject" in severities:
        return "rejected"
    return "accepted_with_warnings" if severities - {"info"} else "accepted"


def inspect(
    connection: duckdb.DuckDBPyConnection,
    member: Member,
    contracts: Iterable[Contract],
    *,
    source: str | None = None,
    context: Context | None = None,
) -> Inspection:
    """The verdict on one file; a file that cannot be read is a rejected inspection, never an error.

    `connection` has the vault attached. `source` names the contract when the sender has said which it is.
    """
    match = None
    try:
        match = recognise(member, contracts, source)
        loaded = load(connection, member, match, "delivered")
    except Rejection as rejection:
        return rejected(member, rejection, match)
    contract = match.contract
    flags.prepare(connection, contract)
    faults = row_faults.find(connection, contract, set(match.columns))
    inspection = Inspection(
        member,
        "accepted",
        match=match,
        profile=measure(connection, contract, set(match.columns), member.file_name),
        rows_read=loaded.delivered,
        rows_quarantined=faults + loaded.malformed_rows,
        rows_malformed=loaded.malformed_rows,
    )
    inspection.findings = _judge(inspection, context or Context(), row_faults.told(connection))
    if match.named_like:
        inspection.findings.append(
            Finding(
                "name_fits_content",
                "warning",
                False,
                f"The file is named like {match.named_like} but holds {contract.name}; it is read as the "
                "latter.",
                "consistency",
            )
        )
    inspection.verdict = _verdict(inspection.findings)
    return inspection
