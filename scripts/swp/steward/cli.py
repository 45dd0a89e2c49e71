"""The steward's verbs of `swp`: what each takes and prints."""

import argparse
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from swp import runlock, vault
from swp.errors import SwpError
from swp.paths import Home

Verb = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date such as 2023-12-14") from None


def check_landed(home: Home) -> None:
    """Raise SwpError where nothing has landed yet."""
    if not home.vault.exists():
        raise SwpError(f"Nothing has landed in {home.root} yet. Run 'swp land' first.")


@contextmanager
def _vault(home: Home, purpose: str | None):
    """The vault, to write in when a purpose is given; raises SwpError where nothing has landed yet."""
    check_landed(home)
    if purpose is None:
        with vault.opened(home, read_only=True) as connection:
            yield connection
    else:
        with runlock.hold(home, purpose), vault.opened(home) as connection:
            yield connection


def _write_reports(connection, home: Home, delivery_ids: list[str]) -> None:
    from swp.landing.land import write_reports

    for delivery_id in delivery_ids:
        write_reports(connection, home, delivery_id)


def _withdraw(arguments: argparse.Namespace) -> int:
    from swp.steward.withdrawal import withdraw

    home = Home.current()
    with _vault(home, "swp withdraw") as connection:
        gone = withdraw(connection, arguments.delivery, arguments.reason, dry_run=arguments.dry_run)
        if gone.done:
            _write_reports(connection, home, [gone.delivery.id])
    name = f"{gone.delivery.id} ({gone.delivery.file_name})"
    rows = f"{gone.rows:,} rows of {gone.delivery.source} and {gone.rows_quarantined:,} set aside"
    if gone.done:
        print(
            f"{name} is withdrawn: {rows} were removed. The archived file and the ledger entry stay; the "
            "file can be landed again. Run 'swp build' and 'swp publish' to bring the figures up to date."
        )
    elif gone.delivery.withdrawn:
        was = gone.delivery.withdrawn
        print(f"{name} was withdrawn on {was.at:%d %B %Y} ({was.reason}); nothing was changed.")
    else:
        print(f"{name} would be withdrawn: {rows} would be removed. Nothing was changed.")
    return 0


def _requeue(arguments: argparse.Namespace) -> int:
    from swp.steward.requeue import requeue

    home = Home.current()
    with _vault(home, "swp requeue") as connection:
        judged = requeue(connection, arguments.delivery, arguments.source)
        _write_reports(connection, home, [each.delivery_id for each in judged])
    for each in judged:
        print(
            f"{each.delivery_id} {each.file_name}: {each.rows_moved:,} rows accepted, "
            f"{each.rows_left:,} still set aside"
        )
    moved = sum(each.rows_moved for each in judged)
    left = sum(each.rows_left for each in judged)
    print(f"{len(judged)} deliveries judged again: {moved:,} rows accepted, {left:,} still set aside.")
    if moved:
        print("Run 'swp build' and 'swp publish' to bring the figures up to date.")
    return 0


def _gap_add(arguments: argparse.Namespace) -> int:
    from swp.steward import gaps

    home = Home.current().ensure()
    with runlock.hold(home, "swp gap add"), vault.opened(home) as connection:
        gap = gaps.add(
            connection,
            arguments.source,
            arguments.field,
            owner=arguments.owner,
            reason=arguments.reason,
            asked_on=arguments.asked_on,
            expires_on=arguments.expires_on,
        )
    print(f"{gap.gap_id}: {gap.source} {gap.field} is registered until {gap.expires_on} (owner {gap.owner}).")
    return 0


def _gap_renew(arguments: argparse.Namespace) -> int:
    from swp.steward import gaps

    with _vault(Home.current(), "swp gap renew") as connection:
        gap = gaps.renew(connection, arguments.gap, expires_on=arguments.expires_on, reason=arguments.reason)
    print(
        f"{gap.gap_id}: {gap.source} {gap.field} is renewed until {gap.expires_on}; the supplier was asked "
        f"{gap.age_days} days ago."
    )
    return 0


def _gap_close(arguments: argparse.Namespace) -> int:
    from swp.steward import gaps

    with _vault(Home.current(), "swp gap close") as connection:
        gap = gaps.close(connection, arguments.gap, reason=arguments.reason)
    print(f"{gap.gap_id}: {gap.source} {gap.field} is closed after {gap.age_days} days; its history stays.")
    return 0


def _gap_list(arguments: argparse.Namespace) -> int:
    from swp.steward import gaps

    with _vault(Home.current(), None) as connection:
        gaps.tell(gaps.every(connection, with_closed=arguments.all), as_json=arguments.json)
    return 0


def _template(arguments: argparse.Namespace) -> int:
    from swp.contracts import contract_named
    from swp.steward import template

    contract = contract_named(arguments.source)
    kind = template.form(contract, arguments.format or (arguments.out and _ending(arguments.out)))
    path = template.write(contract, arguments.out or Path(template.file_name(contract, kind)), kind)
    print(f"Wrote {path}: {len(contract.columns)} columns of {contract.name} for {contract.supplier}.")
    return 0


def _ending(path: Path) -> str | None:
    from swp.steward import template

    kind = path.suffix.lstrip(".").lower()
    return kind if kind in template.FORMATS else None


def _add_gap(verb: Verb) -> None:
    text = "keep the register of fields and months that a supplier does not deliver"
    actions = verb("gap", _gap_list, text).add_subparsers(dest="action", required=True, metavar="action")

    def action(name: str, run, text: str) -> argparse.ArgumentParser:
        added = actions.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    add = action("add", _gap_add, "register a gap")
    add.add_argument("source", metavar="SOURCE", help="such as cris_crime")
    add.add_argument("field", metavar="FIELD", help="a column's name or heading, or 'period' for months")
    add.add_argument("--owner", required=True, help="who sees to it")
    add.add_argument("--reason", required=True, help="why it is not supplied")
    add.add_argument("--asked-on", required=True, type=_date, metavar="YYYY-MM-DD")
    add.add_argument("--expires-on", required=True, type=_date, metavar="YYYY-MM-DD")
    renew = action("renew", _gap_renew, "give a gap more time")
    renew.add_argument("gap", metavar="GAP_ID")
    renew.add_argument("--expires-on", required=True, type=_date, metavar="YYYY-MM-DD")
    renew.add_argument("--reason", required=True, help="why it takes longer")
    close = action("close", _gap_close, "take a gap out of the register; its history stays")
    close.add_argument("gap", metavar="GAP_ID")
    close.add_argument("--reason", default="closed", help="what came of it")
    listed = action("list", _gap_list, "show the register")
    listed.add_argument("--all", action="store_true", help="closed gaps too")
    listed.add_argument("--json", action="store_true", help="one JSON object a line")


def add_verbs(verb: Verb) -> None:
    """Register the steward's verbs; `verb(name, run, text)` makes a sub-parser that runs `run`."""
    withdraw = verb("withdraw", _withdraw, "take a wrong delivery out of everything that is built")
    withdraw.add_argument("delivery", metavar="DELIVERY", help="such as D0012")
    withdraw.add_argument("--reason", required=True, help="why; it is shown in the report, so name no person")
    withdraw.add_argument("--dry-run", action="store_true", help="say what would leave, change nothing")
    requeue = verb("requeue", _requeue, "judge rows that were set aside again, by today's contract")
    requeue.add_argument("delivery", nargs="?", metavar="DELIVERY", help="such as D0012; default: all")
    requeue.add_argument("--source", metavar="NAME", help="all deliveries of one source")
    _add_gap(verb)
    template = verb("template", _template, "write a blank form of a source, with code lists and drop-downs")
    template.add_argument("source", metavar="SOURCE", help="such as cris_crime")
    template.add_argument("--out", type=Path, metavar="FILE", help="default: SOURCE_template.xlsx here")
    template.add_argument("--format", choices=("xlsx", "csv"), help="default: xlsx where it is taken")
