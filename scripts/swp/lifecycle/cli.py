"""`swp retain`, `erase`, `handback` and `audit`: what each takes and prints."""

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import duckdb

from swp import runlock, trail, vault
from swp.paths import Home
from swp.steward.cli import Verb, _date, _vault, check_landed

AFTER = "Run 'swp build' and 'swp publish' to bring the figures up to date."


def _tell_json(**told: object) -> None:
    print(json.dumps(told, default=str, ensure_ascii=False))


@contextmanager
def _removing(home: Home, purpose: str, dry_run: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """The vault to remove rows from. Afterwards it is written anew, where nothing was to be removed as well:
    such a run may be the repetition of one that was cut off.
    """
    from swp.lifecycle import compaction

    check_landed(home)
    with runlock.hold(home, purpose):
        with vault.opened(home) as connection:
            yield connection
        if not dry_run:
            compaction.compact(home)
        # Entries of archives that were looked into lie there as they came.
        shutil.rmtree(home.scratch, ignore_errors=True)
        home.ensure()


def _retain(arguments: argparse.Namespace) -> int:
    from swp.lifecycle.retention import retain

    home = Home.current()
    with _removing(home, "swp retain", arguments.dry_run) as connection:
        retired = retain(connection, home, today=arguments.as_of, dry_run=arguments.dry_run)
    for each in retired:
        if arguments.json:
            _tell_json(**asdict(each), done=not arguments.dry_run)
            continue
        file = " and the archived file" if each.has_file else ""
        print(
            f"{each.delivery_id} {each.source}: published on {each.published_on}, to be kept "
            f"{each.retention_months} months, until {each.kept_until}: {each.rows:,} rows, "
            f"{each.rows_quarantined:,} set aside{file}"
        )
    if not arguments.json:
        rows = sum(each.rows for each in retired)
        if not retired:
            print("No delivery is past its retention; nothing was changed.")
        elif arguments.dry_run:
            print(f"{len(retired)} deliveries ({rows:,} rows) would be retired. Nothing was changed.")
        else:
            print(f"{len(retired)} deliveries ({rows:,} rows) are retired; their ledger rows stay. {AFTER}")
    return 0


def _reference(arguments: argparse.Namespace) -> str:
    """The reference, from standard input where it is '-': so it stays out of the shell's history."""
    return sys.stdin.readline().strip() if arguments.reference == "-" else arguments.reference


def _erase(arguments: argparse.Namespace) -> int:
    from swp.lifecycle.erasure import erase

    home = Home.current()
    with _removing(home, "swp erase", arguments.dry_run) as connection:
        erasure = erase(
            connection,
            home,
            _reference(arguments),
            arguments.agency,
            linked=arguments.linked,
            dry_run=arguments.dry_run,
        )
    if arguments.json:
        _tell_json(**asdict(erasure), rows=erasure.rows, rows_quarantined=erasure.rows_quarantined)
        return 0
    for part in erasure.parts:
        aside = f" and {part.rows_quarantined:,} set aside" if part.rows_quarantined else ""
        print(f"{part.delivery_id} {part.source}: {part.rows:,} rows{aside}")
    if erasure.unreadable:
        print(
            "The archived file cannot be read by today's contract and is removed instead of redacted: "
            f"{', '.join(erasure.unreadable)}."
        )
    if erasure.inbox:
        print(
            "These files of the inbox hold the rows as they came; they are the sender's copies and are not "
            f"changed. Remove them: {', '.join(erasure.inbox)}."
        )
    what = (
        f"{erasure.rows:,} rows, {erasure.rows_quarantined:,} set aside, {len(erasure.files)} archived files"
    )
    if erasure.done:
        kept_out = "1 reference is" if erasure.references == 1 else f"{erasure.references} references are"
        print(f"Erased: {what}; {kept_out} kept out from now on. {AFTER}")
    elif arguments.dry_run:
        print(f"Would be erased: {what}. Nothing was changed.")
    else:
        print("This person is erased already; nothing was changed.")
    return 0


def _handback(arguments: argparse.Namespace) -> int:
    from swp.lifecycle.handback import handback

    home = Home.current()
    with _vault(home, "swp handback") as connection:
        given = handback(
            connection,
            home,
            arguments.list,
            arguments.agency,
            output=arguments.output,
            dry_run=arguments.dry_run,
        )
    if arguments.json:
        _tell_json(**asdict(given))
        return 0
    print(
        f"{arguments.list}: {given.entries:,} entries of {arguments.agency}, {given.references:,} "
        f"references, {given.entries_without:,} entries without one."
    )
    print(f"Ground by contract: {'; '.join(given.grounds)}.")
    print(f"Wrote {given.path}." if given.done else f"Would be written to {given.path}. Nothing was changed.")
    return 0


def _audit(arguments: argparse.Namespace) -> int:
    from swp.lifecycle.balance import imbalances

    with _vault(Home.current(), None) as connection:
        events = trail.every(connection)
        unbalanced = imbalances(connection)
    trail.tell(events, as_json=arguments.json)
    broken = trail.first_broken(events)
    for told in (
        broken and f"The trail was changed: event {broken.event_id} does not follow from the one before it.",
        unbalanced
        and "Rows are missing: accepted is not in raw + erased + retired + withdrawn for "
        + ", ".join(each.delivery_id for each in unbalanced)
        + ".",
    ):
        if told:
            print(told, file=sys.stderr)
    return 1 if broken or unbalanced else 0


def add_verbs(verb: Verb) -> None:
    """Register the verbs; `verb(name, run, text)` makes a sub-parser that runs `run`."""
    retain = verb("retain", _retain, "remove what is past the retention of its contract")
    retain.add_argument("--as-of", type=_date, metavar="YYYY-MM-DD", help="look ahead; with --dry-run only")
    erase = verb("erase", _erase, "remove a person everywhere but in aggregates, and keep the person out")
    erase.add_argument(
        "reference", metavar="PERSON_REF", help="as the agency writes it; '-' reads it from input"
    )
    erase.add_argument(
        "--agency", required=True, metavar="AGENCY", help="whose reference it is: mps_cris, iom"
    )
    erase.add_argument(
        "--linked", action="store_true", help="also what the last build linked to the same person"
    )
    handback = verb("handback", _handback, "write an agency's own references for a restricted list")
    handback.add_argument("list", metavar="LIST", help="such as list_repeat_asb_victims")
    handback.add_argument("--agency", required=True, metavar="AGENCY")
    handback.add_argument("--output", type=Path, metavar="FILE", help="default: in your home folder")
    for added in (retain, erase, handback):
        added.add_argument("--dry-run", action="store_true", help="say what would be done, change nothing")
    audit = verb("audit", _audit, "show who did what when, and whether all rows are accounted for")
    for added in (retain, erase, handback, audit):
        added.add_argument("--json", action="store_true", help="JSON, an object a line")
