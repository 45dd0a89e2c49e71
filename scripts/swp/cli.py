"""The command `swp`: what each verb takes and prints. The work is done in the modules that it calls."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from swp import runlock, vault
from swp.errors import SwpError, WrongUse, unforeseen
from swp.lifecycle import cli as lifecycle
from swp.paths import Home
from swp.steward import cli as steward


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date such as 2023-12-14") from None


def _month(text: str) -> date:
    return _date(f"{text}-01" if len(text) == len("2022-10") else text)


def _paths(arguments: argparse.Namespace, home: Home) -> list[Path]:
    return arguments.paths or [home.inbox]


class _Teller:
    """Prints outcomes as they come: lines for people, one JSON object a line for scripts."""

    def __init__(self, as_json: bool, home: Home | None = None):
        self.as_json = as_json
        self.home = home
        self.counts: dict[str, int] = {}

    def __call__(self, outcome) -> None:
        from swp.landing.report import VERDICTS, findings_lines

        self.counts[outcome.verdict] = self.counts.get(outcome.verdict, 0) + 1
        if self.as_json:
            print(json.dumps(outcome.as_json(), ensure_ascii=False), flush=True)
            return
        found = outcome.inspection
        print(f"{outcome.name}: {VERDICTS[outcome.verdict].lower()}", flush=True)
        if found and found.contract and not found.is_rejected:
            print(
                f"  {found.contract.name}: {found.rows_read:,} rows, {found.rows_accepted:,} accepted, "
                f"{found.rows_quarantined:,} set aside"
            )
        if found:
            for line in findings_lines([(finding.severity, finding.message) for finding in found.failed]):
                print(line)
        if outcome.report and found and found.failed and self.home:
            print(f"  report: {self.home.reports / outcome.report}")

    def close(self) -> int:
        """Print the sum of verdicts; the exit status is 1 when a file was rejected."""
        if not self.as_json and sum(self.counts.values()) != 1:
            told = ", ".join(
                f"{self.counts[verdict]} {verdict.replace('_', ' ')}" for verdict in sorted(self.counts)
            )
            print(f"{sum(self.counts.values())} files: {told or 'nothing found'}")
        return 1 if self.counts.get("rejected") else 0


def _check(arguments: argparse.Namespace) -> int:
    from swp.landing import check

    home = Home.current()
    teller = _Teller(arguments.json)
    known = vault.opened(home, read_only=True) if home.vault.exists() else vault.in_memory(home.scratch)
    home.ensure()
    with known as connection, tempfile.TemporaryDirectory(dir=home.build, prefix="check-") as scratch:
        check(connection, Path(scratch), _paths(arguments, home), source=arguments.source, told=teller)
    return teller.close()


def _land(arguments: argparse.Namespace) -> int:
    from swp.landing import land

    home = Home.current()
    teller = _Teller(arguments.json, home)
    with runlock.hold(home, "swp land"), vault.opened(home) as connection:
        land(
            connection,
            home,
            _paths(arguments, home),
            source=arguments.source,
            published=arguments.published,
            told=teller,
        )
    return teller.close()


def _status(arguments: argparse.Namespace) -> int:
    from swp import keys, linkage_truth, status
    from swp.steward import due

    home = Home.current()
    if not home.vault.exists():
        if not arguments.json:
            print(f"Nothing has landed in {home.root} yet. Put files into {home.inbox} and run 'swp land'.")
        return 0
    with vault.opened(home, read_only=True) as connection:
        (due if arguments.due else status).tell(connection, as_json=arguments.json)
        if not arguments.due and not arguments.json:
            print(linkage_truth.told(connection, home))
            keys.check_person_key(home)
    return 0


def _build(arguments: argparse.Namespace) -> int:
    from swp import building

    return building.build(Home.current(), strict=arguments.strict)


def _publish(arguments: argparse.Namespace) -> int:
    from swp import dictionary, publishing
    from swp.lifecycle import publications

    home = Home.current()
    with runlock.hold(home, "swp publish"):
        publications.catch_up(home)
        if arguments.rollback:
            publications.refuse_stale(home)
            publication = publishing.rollback(home)
        else:
            publications.check_built(home)
            publication = publishing.publish(home, companions=[dictionary.write])
        publications.record(home, publication.id, rolled_back=arguments.rollback)
        publications.forget(home)
    print(
        f"Published {publication.id}: {publication.tables} tables, {publication.rows:,} rows in "
        f"{home.current_publication}"
    )
    if publication.unproved:
        print(
            f"{publication.unproved} small counts were not proved against all sums together: run the attack "
            "of docs/decisions/0011-disclosure-control.md before partners or the public get this publication."
        )
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from swp import report

    home = Home.current()
    published = home.current_publication / arguments.profile / report.FILE_NAME
    output = arguments.output or home.root / "assessment" / arguments.profile
    written = report.write(published, arguments.profile, output, arguments.period)
    print(
        f"{written.html}\n{written.pdf}\n"
        f"{written.figures} figures, {written.tables} tables; {written.gaps} things could not be measured"
    )
    return 0


def _sample(arguments: argparse.Namespace) -> int:
    from swp import sample_home

    home = Home.current()
    if arguments.remove:
        return sample_home.remove(home)
    return sample_home.write(
        home, seed=arguments.seed, scale=arguments.scale, registered=not arguments.unregistered
    )


def _summary(arguments: argparse.Namespace) -> int:
    from swp import summary

    summary.tell(Home.current())
    return 0


def _trace(arguments: argparse.Namespace) -> int:
    from swp import trace

    found = trace.trace(Home.current(), arguments.observation_key)
    print(trace.as_json(found) if arguments.json else trace.told(found))
    return 0


def _scale(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0.01 <= value <= 100:
        raise argparse.ArgumentTypeError("the scale is a number from 0.01 to 100")
    return value


def parser() -> argparse.ArgumentParser:
    """The command line of `swp`."""
    top = argparse.ArgumentParser(
        prog="swp", description="The community safety warehouse: land deliveries, build, publish."
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="command")

    def verb(name: str, run, text: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    def takes_files(added: argparse.ArgumentParser) -> None:
        added.add_argument(
            "paths", nargs="*", type=Path, metavar="PATH", help="files or folders; default: the inbox"
        )
        added.add_argument("--source", help="the source that the files are of, instead of recognising it")
        added.add_argument("--json", action="store_true", help="one JSON object a line")

    takes_files(verb("check", _check, "say the gate's verdict on files without landing them"))
    land = verb("land", _land, "land files: check, archive, load")
    takes_files(land)
    land.add_argument("--published", type=_date, metavar="YYYY-MM-DD", help="when the files were published")
    status = verb("status", _status, "show the ledger of deliveries, or what is due")
    status.add_argument("--json", action="store_true", help="one JSON object a line")
    status.add_argument("--due", action="store_true", help="what is due, late and broken, by partner")
    verb("build", _build, "build and test the warehouse from what has landed").add_argument(
        "--strict", action="store_true", help="exit 1 on delivery findings too"
    )
    verb("publish", _publish, "publish the built warehouse for readers").add_argument(
        "--rollback", action="store_true", help="go back to the publication before the current one"
    )
    report = verb("report", _report, "write the assessment as HTML and PDF from what is published")
    report.add_argument("--profile", choices=["internal", "partner", "public"], default="internal")
    report.add_argument(
        "--period", type=_month, metavar="YYYY-MM", help="first month of the review year; default: the latest"
    )
    report.add_argument(
        "--output", type=Path, metavar="DIR", help="where to write; default: SWP_HOME/assessment"
    )
    sample = verb("sample", _sample, "write synthetic sample deliveries into the inbox")
    sample.add_argument("--seed", type=int, default=2024)
    sample.add_argument("--scale", type=_scale, default=1.0, help="0.01 to 100; 1 is Westminster's size")
    sample.add_argument("--unregistered", action="store_true", help="leave the sample's gaps unregistered")
    sample.add_argument("--remove", action="store_true", help="remove the sample and all built from it")
    steward.add_verbs(verb)
    lifecycle.add_verbs(verb)
    traced = verb("trace", _trace, "lead from a number of a mart to the deliveries behind it")
    traced.add_argument("observation_key", help="observation_key of a row of any mart")
    traced.add_argument("--json", action="store_true", help="one JSON object")
    verb("summary", _summary, "show what landed, what was wrong, what was published")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status (0 done, 1 rejected or failed, 2 wrong use)."""
    parsed = parser().parse_args(arguments)
    try:
        return parsed.run(parsed)
    except WrongUse as error:
        print(f"swp {parsed.verb}: {error}", file=sys.stderr)
        return error.status
    except SwpError as error:
        print(f"swp {parsed.verb}: {error}", file=sys.stderr)
        return error.status
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print(f"swp {parsed.verb}: interrupted. Run the same command again to go on.", file=sys.stderr)
        return 130
    except Exception as error:
        print(f"swp {parsed.verb}: {unforeseen(error)}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
